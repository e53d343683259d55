package aws

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"webcare.example/responder/internal/webcare"
)

// A posting is an item under its term. Beside them one item per document holds
// the terms that were posted, so that only what changed is written and all of
// it can be found and deleted again. That item is written before the postings,
// with everything about to change marked unknown, and after them as it then is:
// a crash in between loses no posting and leaves none that nobody knows of.

// maxTerms is how many terms of a document are kept, the most frequent first.
const maxTerms = 400

// posted is what the document's item holds.
type posted struct {
	Terms map[string]int `json:"terms"` // 0: may or may not be posted
	Size  int            `json:"size"`
}

func postingKey(brand, set, term string, id webcare.CaseID) item {
	return key(join("posting", brand, set, term), string(id))
}

func indexedKey(brand, set string, id webcare.CaseID) item {
	return key(inShard(string(id), "indexed", brand, set), string(id))
}

// Index implements webcare.Search.
func (s *Store) Index(ctx context.Context, d webcare.Document) (err error) {
	defer webcare.Wrap(&err, "Index(%s)", d.Case)
	terms := slices.SortedFunc(maps.Keys(d.Terms), func(a, b string) int {
		return cmp.Or(cmp.Compare(d.Terms[b], d.Terms[a]), cmp.Compare(a, b))
	})
	want := posted{Terms: map[string]int{}, Size: d.Size}
	for _, t := range terms[:min(len(terms), maxTerms)] {
		if t != "" && len(t) < maxKey/2 {
			want.Terms[t] = d.Terms[t]
		}
	}
	return s.replace(ctx, d.Brand, d.Set, d.Case, want)
}

// Forget implements webcare.Search.
func (s *Store) Forget(ctx context.Context, brand, set string, id webcare.CaseID) (err error) {
	defer webcare.Wrap(&err, "Forget(%s)", id)
	return s.replace(ctx, brand, set, id, posted{})
}

// replace makes the stored postings of a document those wanted, however often
// it is broken off or meets another replacing the same.
func (s *Store) replace(ctx context.Context, brand, set string, id webcare.CaseID, want posted) error {
	k := indexedKey(brand, set, id)
	for try := 1; ; try++ {
		it, err := s.get(ctx, k)
		if err != nil {
			return err
		}
		err = s.replaceFrom(ctx, k, it, brand, set, id, want)
		if !errors.Is(err, errRefused) || try == maxSaveTries {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

func (s *Store) replaceFrom(ctx context.Context, k, it item, brand, set string, id webcare.CaseID, want posted) error {
	var have posted
	if b := it.bytes("b"); b != nil {
		if err := json.Unmarshal(b, &have); err != nil {
			return err
		}
	}
	changes := postingChanges(brand, set, id, have, want)
	if len(changes) == 0 {
		return nil
	}
	v := it.num("v")
	if err := s.putIndexed(ctx, k, v, between(have, want)); err != nil {
		return err
	}
	if err := s.writeAll(ctx, changes); err != nil {
		return err
	}
	return s.putIndexed(ctx, k, v+1, want)
}

// between is what is known of a document while it is being changed.
func between(have, want posted) posted {
	out := posted{Terms: map[string]int{}, Size: want.Size}
	for t, n := range have.Terms {
		if want.Terms[t] == n && have.Size == want.Size {
			out.Terms[t] = n
		} else {
			out.Terms[t] = 0
		}
	}
	for t := range want.Terms {
		if _, known := have.Terms[t]; !known {
			out.Terms[t] = 0
		}
	}
	return out
}

func (s *Store) putIndexed(ctx context.Context, k item, version int64, p posted) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	it := maps.Clone(k)
	it["b"] = bin(b)
	it.setNum("v", version+1)
	condition, values := "attribute_not_exists(pk)", item(nil)
	if version > 0 {
		condition, values = "v = :v", item{":v": num(version)}
	}
	_, err = s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: s.table, Item: it, ConditionExpression: &condition, ExpressionAttributeValues: values})
	if _, refused := failed(err); refused {
		return errRefused
	}
	return explain(err)
}

// postingChanges are the writes from one set of postings to another.
func postingChanges(brand, set string, id webcare.CaseID, have, want posted) (out []types.WriteRequest) {
	for t, n := range want.Terms {
		if have.Terms[t] == n && have.Size == want.Size {
			continue
		}
		it := postingKey(brand, set, t, id)
		it.setNum("n", int64(n))
		it.setNum("size", int64(want.Size))
		out = append(out, types.WriteRequest{PutRequest: &types.PutRequest{Item: it}})
	}
	for t := range have.Terms {
		if _, keep := want.Terms[t]; !keep {
			out = append(out, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: postingKey(brand, set, t, id)}})
		}
	}
	return out
}

// batchSize is what one BatchWriteItem takes.
const batchSize = 25

// writeAll makes writes that need no transaction, repeating what DynamoDB left.
func (s *Store) writeAll(ctx context.Context, all []types.WriteRequest) error {
	return each(slices.Collect(slices.Chunk(all, batchSize)), func(batch []types.WriteRequest) error {
		for try := 1; len(batch) > 0; try++ {
			out, err := s.db.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{*s.table: batch}})
			if err != nil {
				return explain(err)
			}
			if batch = out.UnprocessedItems[*s.table]; len(batch) > 0 {
				if try > maxSaveTries {
					return webcare.Unavailablef("%d writes were left undone", len(batch))
				}
				if err := pause(ctx, try); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Postings implements webcare.Search. Ids sort by time, so the newest cases are
// at the end of a term's partition.
func (s *Store) Postings(ctx context.Context, brand, set string, terms []string, limit int) (out []webcare.Posting, err error) {
	defer webcare.Wrap(&err, "Postings")
	terms = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(terms))), func(t string) bool { return t == "" || len(t) >= maxKey/2 })
	found := make([][]webcare.Posting, len(terms))
	err = each(places(len(found)), func(i int) error {
		r := s.stretch(attrPK, attrSK, "", join("posting", brand, set, terms[i]), "", "")
		r.backward = true
		for len(found[i]) < limit {
			it, err := r.next(ctx, limit-len(found[i]))
			if err != nil {
				return err
			}
			if it == nil {
				return nil
			}
			found[i] = append(found[i], webcare.Posting{Case: webcare.CaseID(it.str(attrSK)), Term: terms[i], Count: int(it.num("n")), Size: int(it.num("size"))})
		}
		return nil
	})
	return slices.Concat(found...), err
}
