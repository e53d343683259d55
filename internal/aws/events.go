package aws

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"webcare.example/responder/internal/webcare"
)

// The log of events: in production the table's stream brings events to the
// relay as they happen; the log is for reading them again, from any point on.
//
// An event is logged under the time of its save, to the millisecond, its case
// and its place there. Saves stop trying after a quarter of the settling time,
// clocks of AWS machines differ by milliseconds, and the index follows within
// moments; so once an event is older than the settling time, nothing can be
// logged before it any more.

func logDay(at int64) string { return time.UnixMilli(at).UTC().Format(time.DateOnly) }

func logKey(at int64, id webcare.CaseID, seq int64) string {
	return fmt.Sprintf("%s#%s#%019d", stamp(at), id, seq)
}

// firstDay holds the day from which the log runs.
func firstDay() item { return key("log", "first") }

// beginLog notes the day before the first save ever: reading from the beginning
// needs no search for it. The day before leaves room for any clock.
func (s *Store) beginLog(ctx context.Context) error {
	if s.logged.Load() {
		return nil
	}
	it := firstDay()
	it.setNum("at", s.now().Add(-24*time.Hour).UnixMilli())
	_, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: s.table, Item: it,
		ConditionExpression: awssdk.String("attribute_not_exists(pk)")})
	if _, there := failed(err); err != nil && !there {
		return explain(err)
	}
	s.logged.Store(true)
	return nil
}

// After implements webcare.Events.
func (s *Store) After(ctx context.Context, cursor string, limit int) (out []webcare.Event, next string, err error) {
	defer webcare.Wrap(&err, "After(%q)", cursor)
	day, ok, err := s.logStart(ctx, cursor)
	if err != nil || !ok {
		return nil, cursor, err
	}
	horizon := s.now().Add(-max(s.settle, 0)).UnixMilli()
	next = cursor
	for ; !day.After(fromMillis(horizon)) && len(out) < limit; day = day.AddDate(0, 0, 1) {
		items, err := s.merged(ctx, attrListP, attrListS, indexList, sharded("log", day.Format(time.DateOnly)),
			after(cursor), until(horizon), limit-len(out))
		if err != nil {
			return nil, "", err
		}
		for _, it := range items {
			e, err := s.decodeEvent(ctx, it)
			if err != nil {
				return nil, "", err
			}
			out, next = append(out, e), it.str(attrListS)
		}
	}
	return out, next, nil
}

// logStart returns the day on which reading begins; false: nothing was ever logged.
func (s *Store) logStart(ctx context.Context, cursor string) (time.Time, bool, error) {
	var at int64
	if cursor != "" {
		ms, _, _ := strings.Cut(cursor, "#")
		n, err := strconv.ParseInt(ms, 10, 64)
		if err != nil {
			return time.Time{}, false, webcare.Invalidf("cursor: %v", err)
		}
		at = n
	} else {
		it, err := s.get(ctx, firstDay())
		if err != nil || it == nil {
			return time.Time{}, false, err
		}
		at = it.num("at")
	}
	return fromMillis(at).Truncate(24 * time.Hour), true, nil
}

func (s *Store) decodeEvent(ctx context.Context, it item) (e webcare.Event, err error) {
	ch := decodeChild(it)
	if ch.Blob != "" {
		if ch.Body, err = (blobs{s}).Get(ctx, ch.Blob); err != nil {
			return e, err
		}
	}
	return e, json.Unmarshal(ch.Body, &e)
}
