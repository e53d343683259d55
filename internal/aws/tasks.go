package aws

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"webcare.example/responder/internal/webcare"
)

// A task stands in the list "due" of its stage, ordered by the moment from
// which it may be leased: when it is to run, or when its lease ends. A dead one
// stands in the list "dead" instead. The lists tell where to look; leasing is a
// conditional write on the task itself.

func taskKey(id string) item { return key(join("task", id), noSort) }

func taskItem(t webcare.Task) (item, error) {
	it := taskKey(t.ID)
	it.set(attrType, TypeTask)
	it.set("id", t.ID)
	it.set("stage", string(t.Stage))
	it.set("c", string(t.CaseID))
	it.setNum("run", millis(t.RunAt))
	it.setNum("lease", millis(t.LeasedUntil))
	it.setNum("due", millis(later(t.RunAt, t.LeasedUntil)))
	it.setNum("att", int64(t.Attempt))
	it.set(attrListP, inShard(string(t.CaseID), "due", string(t.Stage)))
	it.set(attrListS, dueKey(millis(later(t.RunAt, t.LeasedUntil)), t.ID))
	if len(t.Data) > 0 {
		b, err := json.Marshal(t.Data)
		if err != nil {
			return nil, err
		}
		it["b"] = bin(b)
	}
	return it, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func dueKey(ms int64, id string) string { return stamp(ms) + "#" + id }

// DecodeTask reads a task as stored, also from the table's stream.
func DecodeTask(values map[string]types.AttributeValue) (t webcare.Task, err error) {
	it := item(values)
	t = webcare.Task{ID: it.str("id"), Stage: webcare.Stage(it.str("stage")), CaseID: webcare.CaseID(it.str("c")),
		RunAt: fromMillis(it.num("run")), LeasedUntil: fromMillis(it.num("lease")), Attempt: int(it.num("att")),
		LastError: it.str("lasterr"), Dead: it.has("dead")}
	if b := it.bytes("b"); b != nil {
		err = json.Unmarshal(b, &t.Data)
	}
	return t, err
}

// Put implements webcare.Tasks.
func (s *Store) Put(ctx context.Context, t webcare.Task) (err error) {
	defer webcare.Wrap(&err, "Put(%s)", t.ID)
	it, err := taskItem(t)
	if err != nil {
		return err
	}
	condition := "attribute_not_exists(pk)"
	_, err = s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: s.table, Item: it, ConditionExpression: &condition})
	if _, stands := failed(err); stands {
		return nil
	}
	return explain(err)
}

// update is a conditional write of one task, repeated safely: a mark that only
// this call writes tells its own earlier try from somebody else's.
func (s *Store) update(ctx context.Context, id, set, condition string, values item) (item, error) {
	mark := rand.Text()
	values[":mark"] = str(mark)
	k, set := taskKey(id), "SET mark = :mark, "+set
	out, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: s.table, Key: k, UpdateExpression: &set,
		ConditionExpression: &condition, ExpressionAttributeValues: values, ReturnValues: types.ReturnValueAllNew,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld})
	if old, refused := failed(err); refused {
		if old.str("mark") == mark {
			return old, nil
		}
		return old, errRefused
	}
	if err != nil {
		return nil, explain(err)
	}
	return out.Attributes, nil
}

var errRefused = webcare.Conflictf("the condition does not hold")

// lease leases a task that is due at now. ErrConflict: it is not; ErrNotFound:
// it is gone or dead.
func (s *Store) lease(ctx context.Context, id string, now, end time.Time) (webcare.Task, error) {
	it, err := s.update(ctx, id, "att = att + :one, lease = :end, due = :end, ls = :ls", "due <= :now AND attribute_not_exists(dead)",
		item{":one": num(1), ":end": num(millis(end)), ":now": num(millis(now)), ":ls": str(dueKey(millis(end), id))})
	switch {
	case errors.Is(err, errRefused) && (it == nil || it.has("dead")):
		return webcare.Task{}, webcare.NotFoundf("task")
	case errors.Is(err, errRefused):
		return webcare.Task{}, webcare.Conflictf("leased or not due")
	case err != nil:
		return webcare.Task{}, err
	}
	return DecodeTask(it)
}

// Lease implements webcare.Tasks.
func (s *Store) Lease(ctx context.Context, stage webcare.Stage, n int, now, end time.Time) (out []webcare.Task, err error) {
	defer webcare.Wrap(&err, "Lease(%s)", stage)
	// A few more than asked for: others may be leasing the same ones.
	due, err := s.due(ctx, stage, n+n/2+2, now)
	if err != nil {
		return nil, err
	}
	for _, it := range due {
		if len(out) == n {
			break
		}
		t, err := s.lease(ctx, it.str("id"), now, end)
		switch {
		case err == nil:
			out = append(out, t)
		case errors.Is(err, webcare.ErrConflict), errors.Is(err, webcare.ErrNotFound): // somebody was first
		case len(out) > 0: // keep what is leased
			return out, nil
		default:
			return nil, err
		}
	}
	return out, nil
}

func (s *Store) due(ctx context.Context, stage webcare.Stage, n int, now time.Time) ([]item, error) {
	return s.merged(ctx, attrListP, attrListS, indexList, sharded("due", string(stage)), "", until(millis(now)), n)
}

// Due lists up to n tasks of a stage that may be leased at now, earliest first,
// without leasing them: what the sweeper rings for.
func (s *Store) Due(ctx context.Context, stage webcare.Stage, n int, now time.Time) (out []webcare.Task, err error) {
	defer webcare.Wrap(&err, "Due(%s)", stage)
	items, err := s.due(ctx, stage, n, now)
	if err != nil {
		return nil, err
	}
	for _, it := range items {
		t, err := DecodeTask(it)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// Take implements webcare.Tasks.
func (s *Store) Take(ctx context.Context, id string, now, end time.Time) (t webcare.Task, err error) {
	defer webcare.Wrap(&err, "Take(%s)", id)
	return s.lease(ctx, id, now, end)
}

// Finish implements webcare.Tasks.
func (s *Store) Finish(ctx context.Context, id string) (err error) {
	defer webcare.Wrap(&err, "Finish(%s)", id)
	condition := "attribute_not_exists(dead)"
	_, err = s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: s.table, Key: taskKey(id), ConditionExpression: &condition})
	if _, dead := failed(err); dead {
		return nil
	}
	return explain(err)
}

// Fail implements webcare.Tasks.
func (s *Store) Fail(ctx context.Context, t webcare.Task, reason string, runAt time.Time, dead bool) (err error) {
	defer webcare.Wrap(&err, "Fail(%s)", t.ID)
	set := "lasterr = :err, run = :run, due = :run, lease = :none, lp = :lp, ls = :ls"
	values := item{":err": str(reason), ":run": num(millis(runAt)), ":none": num(0), ":att": num(int64(t.Attempt)),
		":lp": str(inShard(string(t.CaseID), "due", string(t.Stage))), ":ls": str(dueKey(millis(runAt), t.ID))}
	if dead {
		set += ", dead = :yes"
		values[":yes"], values[":lp"], values[":ls"] = yes(), str("dead"), str(t.ID)
	}
	_, err = s.update(ctx, t.ID, set, "att = :att AND attribute_not_exists(dead)", values)
	if errors.Is(err, errRefused) { // gone, dead, or another's by now
		return nil
	}
	return err
}

// Dead implements webcare.DeadLetters.
func (s *Store) Dead(ctx context.Context, cursor string, limit int) (out []webcare.Task, next string, err error) {
	defer webcare.Wrap(&err, "Dead")
	items, err := s.merged(ctx, attrListP, attrListS, indexList, []string{"dead"}, after(cursor), "", limit)
	if err != nil {
		return nil, "", err
	}
	for _, it := range items {
		t, err := DecodeTask(it)
		if err != nil {
			return nil, "", err
		}
		out = append(out, t)
	}
	if len(out) == limit {
		next = out[limit-1].ID
	}
	return out, next, nil
}

// Replay implements webcare.DeadLetters.
func (s *Store) Replay(ctx context.Context, id string, runAt time.Time) (err error) {
	defer webcare.Wrap(&err, "Replay(%s)", id)
	it, err := s.get(ctx, taskKey(id))
	if err != nil {
		return err
	}
	t, err := DecodeTask(it)
	if err != nil {
		return err
	}
	if t.Dead {
		_, err = s.update(ctx, id, "run = :run, due = :run, lease = :none, att = :none, lp = :lp, ls = :ls REMOVE dead", "dead = :yes",
			item{":run": num(millis(runAt)), ":none": num(0), ":yes": yes(),
				":lp": str(inShard(string(t.CaseID), "due", string(t.Stage))), ":ls": str(dueKey(millis(runAt), id))})
	}
	if !t.Dead || errors.Is(err, errRefused) {
		return webcare.NotFoundf("no such dead task")
	}
	return err
}
