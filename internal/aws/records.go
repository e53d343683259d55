package aws

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"webcare.example/responder/internal/webcare"
)

// records stand in partitions by their kind and a hash of their key's first
// part: those of one case are together, those of a kind are spread.
type records struct{ s *Store }

// keepExpired is how much longer than its time an expired record stays before
// DynamoDB may tidy it up. Whether it has expired is judged by its own time.
const keepExpired = 24 * time.Hour

func recordKey(kind, k string) item {
	first, _, _ := strings.Cut(k, "/")
	return key(inShard(first, "record", kind), k)
}

// Get implements webcare.Records.
func (r records) Get(ctx context.Context, kind, k string, now time.Time) (_ webcare.Record, err error) {
	defer webcare.Wrap(&err, "Get(%s, %s)", kind, k)
	if k == "" {
		return webcare.Record{}, webcare.NotFoundf("no such record")
	}
	it, err := r.s.get(ctx, recordKey(kind, k))
	if err != nil {
		return webcare.Record{}, err
	}
	if it == nil || expired(it, now) {
		return webcare.Record{}, webcare.NotFoundf("no such record")
	}
	return decodeRecord(kind, it), nil
}

func expired(it item, now time.Time) bool {
	e := it.num("expires")
	return e != 0 && e <= millis(now)
}

func decodeRecord(kind string, it item) webcare.Record {
	return webcare.Record{Kind: kind, Key: it.str(attrSK), Version: it.num("v"), Body: it.bytes("b"), Expires: fromMillis(it.num("expires"))}
}

// Put implements webcare.Records.
func (r records) Put(ctx context.Context, rec webcare.Record, now time.Time) (err error) {
	defer webcare.Wrap(&err, "Put(%s, %s)", rec.Kind, rec.Key)
	mark := rand.Text()
	it := recordKey(rec.Kind, rec.Key)
	it.setNum("v", rec.Version+1)
	it.setNum("expires", millis(rec.Expires))
	it.set("mark", mark)
	it["b"] = bin(append([]byte{}, rec.Body...))
	if !rec.Expires.IsZero() {
		it.setNum(attrTTL, rec.Expires.Add(keepExpired).Unix())
	}
	condition := "v = :v AND (expires = :zero OR expires > :now)"
	values := item{":zero": num(0), ":now": num(millis(now))}
	if rec.Version == 0 {
		condition = "attribute_not_exists(pk) OR (expires <> :zero AND expires <= :now)"
	} else {
		values[":v"] = num(rec.Version)
	}
	_, err = r.s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: r.s.table, Item: it, ConditionExpression: &condition,
		ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld})
	if old, refused := failed(err); refused {
		if old.str("mark") == mark { // our own earlier try, whose answer was lost
			return nil
		}
		return webcare.Conflictf("the record is not at version %d", rec.Version)
	}
	return explain(err)
}

// Remove implements webcare.Records.
func (r records) Remove(ctx context.Context, kind, k string) (err error) {
	defer webcare.Wrap(&err, "Remove(%s, %s)", kind, k)
	_, err = r.s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: r.s.table, Key: recordKey(kind, k)})
	return explain(err)
}

// Scan implements webcare.Records. It is a query of one partition where the
// prefix holds a whole first part, of all partitions of the kind otherwise.
func (r records) Scan(ctx context.Context, kind, prefix, cursor string, limit int, now time.Time) (out []webcare.Record, next string, err error) {
	defer webcare.Wrap(&err, "Scan(%s, %s)", kind, prefix)
	partitions := sharded("record", kind)
	if first, _, whole := strings.Cut(prefix, "/"); whole {
		partitions = []string{inShard(first, "record", kind)}
	}
	lo := max(after(cursor), prefix)
	for len(out) < limit { // expired ones leave room for more
		items, err := r.s.merged(ctx, attrPK, attrSK, "", partitions, lo, prefix+"\U0010ffff", limit-len(out))
		if err != nil {
			return nil, "", err
		}
		for _, it := range items {
			lo = after(it.str(attrSK))
			if !expired(it, now) {
				out = append(out, decodeRecord(kind, it))
			}
		}
		if len(items) == 0 {
			return out, "", nil
		}
	}
	return out, out[limit-1].Key, nil
}
