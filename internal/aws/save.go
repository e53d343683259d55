package aws

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"webcare.example/responder/internal/webcare"
)

// maxSaveTries bounds how often one save is tried against others that hold its
// items at the same moment.
const maxSaveTries = 12

// Save implements webcare.Cases. It stops trying well before events settle, so
// that a late write cannot put an event before those already read.
func (s *Store) Save(ctx context.Context, save webcare.Save) (err error) {
	defer webcare.Wrap(&err, "Save(%s)", save.Head.ID)
	if err := s.beginLog(ctx); err != nil {
		return err
	}
	if s.settle > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.settle/4)
		defer cancel()
	}
	at := s.now().UnixMilli()
	for try := 1; ; try++ {
		tx, err := s.transaction(save, at)
		if err != nil {
			return err
		}
		later, err := s.commit(ctx, tx)
		if later > 0 { // the clock of whoever saved before is ahead of ours
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

// errBusy: another write held an item of ours at this moment; nothing is stored.
var errBusy = webcare.Unavailablef("another transaction is writing the same items")

// pause waits longer after each try, at random so that racers part.
func pause(ctx context.Context, try int) error {
	var b [1]byte
	_, _ = rand.Read(b[:]) // never fails
	wait := time.Duration(min(1<<try, 64)) * time.Millisecond * time.Duration(128+int(b[0])) / 256
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// transaction is a save as one call, with what each item's refusal means.
type transaction struct {
	in      dynamodb.TransactWriteItemsInput
	refused []error // by item: what a failed condition means
	version int64   // of the head that is expected
	head    int     // index of the head
}

func (tx *transaction) put(it item, condition string, values item, refused error) {
	p := &types.Put{Item: it}
	if condition != "" {
		p.ConditionExpression = &condition
	}
	if len(values) > 0 {
		p.ExpressionAttributeValues = values
	}
	tx.add(types.TransactWriteItem{Put: p}, refused)
}

func (tx *transaction) remove(k item, condition string, refused error) {
	d := &types.Delete{Key: k}
	if condition != "" {
		d.ConditionExpression = &condition
	}
	tx.add(types.TransactWriteItem{Delete: d}, refused)
}

func (tx *transaction) add(w types.TransactWriteItem, refused error) {
	tx.in.TransactItems = append(tx.in.TransactItems, w)
	tx.refused = append(tx.refused, refused)
}

// transaction encodes a save. The finished task comes first: where several
// conditions fail, a delivery that was handled before is told so.
func (s *Store) transaction(save webcare.Save, at int64) (*transaction, error) {
	tx := &transaction{version: save.Head.Version}
	if save.Finish != "" {
		tx.remove(taskKey(save.Finish), "attribute_exists(pk) AND attribute_not_exists(dead)", webcare.TaskGone(save.Finish))
	}
	if err := tx.putHead(save.Head, at); err != nil {
		return nil, err
	}
	for _, cl := range save.Claims {
		it := claimKey(cl)
		it.set("case", string(save.Head.ID))
		tx.put(it, "attribute_not_exists(pk) OR #case = :case", item{":case": str(string(save.Head.ID))},
			webcare.Conflictf("%s is held by another case", cl))
		tx.in.TransactItems[len(tx.in.TransactItems)-1].Put.ExpressionAttributeNames = map[string]string{"#case": "case"}
	}
	for _, ch := range save.Children {
		tx.put(childItem(save.Head.ID, ch, at), "", nil, nil)
	}
	made := map[string]bool{save.Finish: true}
	for _, t := range save.Tasks {
		made[t.ID] = true
		it, err := taskItem(t)
		if err != nil {
			return nil, err
		}
		tx.put(it, "", nil, nil)
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(save.Cancel))) {
		if !made[id] { // one transaction may touch an item once
			tx.remove(taskKey(id), "", nil)
		}
	}
	for i := range tx.in.TransactItems {
		s.name(&tx.in.TransactItems[i])
	}
	token := rand.Text()
	tx.in.ClientRequestToken = &token
	return tx, nil
}

func (s *Store) name(w *types.TransactWriteItem) {
	switch {
	case w.Put != nil:
		w.Put.TableName = s.table
	case w.Delete != nil:
		w.Delete.TableName = s.table
	case w.Update != nil:
		w.Update.TableName = s.table
	}
}

// putHead adds the head with its places in the lists. Its stamp is when its
// events were logged: it only ever rises, so that a case's events stand in
// their order whoever's clock saved them.
func (tx *transaction) putHead(h webcare.Head, at int64) error {
	expected := h.Version
	h.Version++
	body, err := json.Marshal(h)
	if err != nil {
		return err
	}
	it := key(join("case", string(h.ID)), "head")
	it.set(attrType, TypeHead)
	it.setNum("v", h.Version)
	it.setNum("at", at)
	it["b"] = bin(body)
	it.set(attrListP, inShard(string(h.ID), "queue", h.Brand, string(h.Status)))
	it.set(attrListS, h.QueueKey())
	if h.Assignee != "" {
		it.set(attrAssignP, join(h.Brand, h.Assignee, string(h.Status)))
		it.set(attrAssS, h.QueueKey())
	}
	condition, values := "attribute_not_exists(pk)", item(nil)
	if expected > 0 {
		condition, values = "v = :v AND #at < :at", item{":v": num(expected), ":at": num(at)}
	}
	tx.head = len(tx.in.TransactItems)
	tx.put(it, condition, values, webcare.Conflictf("case %s is not at version %d", h.ID, expected))
	p := tx.in.TransactItems[tx.head].Put
	p.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	if expected > 0 {
		p.ExpressionAttributeNames = map[string]string{"#at": "at"}
	}
	return nil
}

func claimKey(cl webcare.Claim) item {
	name := join("claim", cl.String())
	if len(name) > maxKey { // a platform's ids may be long; a digest is as unique
		name = join("claim", cl.Space, "sha256", webcare.Digest([]byte(cl.Name)))
	}
	return key(name, noSort)
}

// commit makes the call. later is a stamp to try again with; errBusy asks to
// try again as it is.
func (s *Store) commit(ctx context.Context, tx *transaction) (later int64, err error) {
	_, err = s.db.TransactWriteItems(ctx, &tx.in)
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) {
		return 0, explain(err)
	}
	for i, r := range cancelled.CancellationReasons {
		if code(r) != "ConditionalCheckFailed" || i >= len(tx.refused) {
			continue
		}
		if old := item(r.Item); i == tx.head && tx.version > 0 && old.num("v") == tx.version {
			later = old.num("at") + 1
			continue // any other refusal counts for more
		}
		return 0, tx.refused[i]
	}
	if later > 0 {
		return later, nil
	}
	return 0, cancellation(cancelled)
}

func code(r types.CancellationReason) string {
	if r.Code == nil {
		return ""
	}
	return *r.Code
}

// cancellation says why a transaction was cancelled where no condition failed.
func cancellation(c *types.TransactionCanceledException) error {
	for _, r := range c.CancellationReasons {
		switch code(r) {
		case "ValidationError", "ItemCollectionSizeLimitExceeded":
			return webcare.Invalidf("%w: %s", c, *r.Message)
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			return errBusy
		}
	}
	return c
}
