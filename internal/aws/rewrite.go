package aws

import (
	"context"
	"crypto/rand"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"webcare.example/responder/internal/webcare"
)

// Rewrite implements webcare.Cases. Items of events keep their place in the
// log. DynamoDB keeps nothing of an item's old value but in backups, which
// have their own term.
func (s *Store) Rewrite(ctx context.Context, r webcare.Rewrite) (err error) {
	defer webcare.Wrap(&err, "Rewrite(%s)", r.Head.ID)
	at := s.now().UnixMilli()
	for try := 1; ; try++ {
		tx, err := s.rewriting(r, at)
		if err != nil {
			return err
		}
		later, err := s.commit(ctx, tx)
		if later > 0 {
			at = later
			continue
		}
		if !errors.Is(err, errBusy) || try == maxSaveTries {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

func (s *Store) rewriting(r webcare.Rewrite, at int64) (*transaction, error) {
	tx := &transaction{version: r.Head.Version}
	if err := tx.putHead(r.Head, at); err != nil {
		return nil, err
	}
	there, set := "attribute_exists(pk)", "SET b = :b REMOVE #blob"
	for _, ch := range r.Children {
		tx.add(types.TransactWriteItem{Update: &types.Update{Key: key(join("case", string(r.Head.ID)), childKey(ch.Seq)),
			ConditionExpression: &there, UpdateExpression: &set, ExpressionAttributeNames: map[string]string{"#blob": "blob"},
			ExpressionAttributeValues: item{":b": bin(ch.Body)}}}, webcare.Conflictf("child %d is not stored", ch.Seq))
	}
	mine := "attribute_not_exists(pk) OR #case = :case"
	for _, cl := range r.Unclaim {
		tx.add(types.TransactWriteItem{Delete: &types.Delete{Key: claimKey(cl), ConditionExpression: &mine,
			ExpressionAttributeNames:  map[string]string{"#case": "case"},
			ExpressionAttributeValues: item{":case": str(string(r.Head.ID))}}}, webcare.Conflictf("%s is held by another case", cl))
	}
	for i := range tx.in.TransactItems {
		s.name(&tx.in.TransactItems[i])
	}
	token := rand.Text()
	tx.in.ClientRequestToken = &token
	return tx, nil
}
