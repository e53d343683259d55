package aws

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"webcare.example/responder/internal/webcare"
)

// get reads one item as it stands now, nil if there is none.
func (s *Store) get(ctx context.Context, k item) (item, error) {
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: s.table, Key: k, ConsistentRead: awssdk.Bool(true)})
	if err != nil {
		return nil, explain(err)
	}
	return out.Item, nil
}

// Head implements webcare.Cases.
func (s *Store) Head(ctx context.Context, id webcare.CaseID) (_ webcare.Head, err error) {
	if id == "" {
		return webcare.Head{}, webcare.NotFoundf("case %q", id)
	}
	it, err := s.get(ctx, key(join("case", string(id)), "head"))
	if err != nil {
		return webcare.Head{}, err
	}
	if it == nil {
		return webcare.Head{}, webcare.NotFoundf("case %q", id)
	}
	return decodeHead(it)
}

func decodeHead(it item) (h webcare.Head, err error) {
	defer webcare.Wrap(&err, "stored head")
	return h, json.Unmarshal(it.bytes("b"), &h)
}

// Children implements webcare.Cases.
func (s *Store) Children(ctx context.Context, id webcare.CaseID, after int64, limit int) (out []webcare.Child, more bool, err error) {
	defer webcare.Wrap(&err, "Children(%s, after %d)", id, after)
	r := s.stretch(attrPK, attrSK, "", join("case", string(id)), childKey(after+1), childKey(maxSeq))
	r.consistent = true
	for len(out) <= limit {
		it, err := r.next(ctx, limit+1-len(out))
		if err != nil {
			return nil, false, err
		}
		if it == nil {
			return out, false, nil
		}
		out = append(out, decodeChild(it))
	}
	return out[:limit], true, nil
}

const maxSeq = 1<<63 - 1

// childItem is a child as stored; an event also stands in the log.
func childItem(id webcare.CaseID, ch webcare.Child, at int64) item {
	it := key(join("case", string(id)), childKey(ch.Seq))
	it.set(attrType, TypeChild)
	it.setNum("n", ch.Seq)
	it.set("k", string(ch.Kind))
	it.setNum("at", millis(ch.At))
	if ch.Body != nil {
		it["b"] = bin(ch.Body)
	}
	if ch.Blob != "" {
		it.set("blob", string(ch.Blob))
	}
	if ch.Kind == webcare.ChildEvent {
		it.set(attrType, TypeEvent)
		it.set(attrListP, inShard(string(id), "log", logDay(at)))
		it.set(attrListS, logKey(at, id, ch.Seq))
	}
	return it
}

func decodeChild(it item) webcare.Child {
	return webcare.Child{Seq: it.num("n"), Kind: webcare.ChildKind(it.str("k")), At: fromMillis(it.num("at")),
		Body: it.bytes("b"), Blob: webcare.BlobName(it.str("blob"))}
}

// Claimed implements webcare.Cases.
func (s *Store) Claimed(ctx context.Context, claim webcare.Claim) (webcare.CaseID, error) {
	it, err := s.get(ctx, claimKey(claim))
	if err != nil {
		return "", err
	}
	if it == nil {
		return "", webcare.NotFoundf("%s", claim)
	}
	return webcare.CaseID(it.str("case")), nil
}
