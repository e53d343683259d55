package aws

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"webcare.example/responder/internal/webcare"
)

// Counters of one hour that share all but the last part of their metric
// ("channel/mail/friction/" of "channel/mail/friction/late") are attributes of
// one item, in one of Shards partitions of the brand's day. An event's counters
// and the mark that it was counted are added in one transaction; AddAll counts
// many events in one, which costs a fraction per event.

// Counted is one event's changes.
type Counted struct {
	EventID string
	Deltas  []webcare.Delta
}

// counter is the place of a stretch of counters, with what is added to each.
type counter struct {
	pk, sk string
	adds   map[string]int64
}

// Add implements webcare.Tallies.
func (s *Store) Add(ctx context.Context, eventID string, deltas []webcare.Delta) error {
	return s.AddAll(ctx, []Counted{{eventID, deltas}})
}

// maxTransaction is how many items DynamoDB takes in one transaction.
const maxTransaction = 100

// AddAll applies the deltas of several events, each exactly once. What fits one
// transaction is added together.
func (s *Store) AddAll(ctx context.Context, events []Counted) (err error) {
	defer webcare.Wrap(&err, "AddAll(%d events)", len(events))
	seen := map[string]bool{}
	events = slices.DeleteFunc(slices.Clone(events), func(e Counted) bool {
		again := seen[e.EventID]
		seen[e.EventID] = true
		return again
	})
	for len(events) > 0 {
		n := fitting(events)
		if err := s.addTogether(ctx, events[:n]); err != nil {
			return err
		}
		events = events[n:]
	}
	return nil
}

// fitting is how many of the first events fit one transaction, one at least.
func fitting(events []Counted) int {
	n := 1
	for n < len(events) && n+1+len(counters(events[:n+1])) <= maxTransaction {
		n++
	}
	return n
}

// counters are what a transaction adds, in the shard of its first event.
func counters(events []Counted) map[string]*counter {
	out := map[string]*counter{}
	for _, e := range events {
		for _, d := range e.Deltas {
			hour := d.Hour.UTC().Truncate(time.Hour)
			group, name := metricPlace(d.Metric)
			pk := inShard(events[0].EventID, "tally", d.Brand, hour.Format(time.DateOnly))
			sk := fmt.Sprintf("%s#%02d", group, hour.Hour())
			c := out[pk+"\x00"+sk]
			if c == nil {
				c = &counter{pk, sk, map[string]int64{}}
				out[pk+"\x00"+sk] = c
			}
			if c.adds[name] += d.N; c.adds[name] == 0 {
				delete(c.adds, name)
			}
		}
	}
	maps.DeleteFunc(out, func(_ string, c *counter) bool { return len(c.adds) == 0 })
	return out
}

// metricPlace splits a metric behind its last slash.
func metricPlace(metric string) (group, name string) {
	i := strings.LastIndexByte(metric, '/') + 1
	return metric[:i], metric[i:]
}

// addTogether adds in one transaction, leaving out what was counted before.
func (s *Store) addTogether(ctx context.Context, events []Counted) error {
	for try := 1; len(events) > 0; try++ {
		tx := s.tallyTransaction(events)
		_, err := s.db.TransactWriteItems(ctx, &tx.in)
		var cancelled *types.TransactionCanceledException
		if !errors.As(err, &cancelled) {
			return explain(err)
		}
		fresh := slices.Clone(events[:0])
		for i, r := range cancelled.CancellationReasons {
			if i < len(events) && code(r) != "ConditionalCheckFailed" {
				fresh = append(fresh, events[i])
			}
		}
		if len(fresh) < len(events) {
			events = fresh
			continue
		}
		if err := cancellation(cancelled); !errors.Is(err, errBusy) || try >= 4*maxSaveTries {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
	return nil
}

// attribute names of counters begin with this, so that no metric is a key.
const metricMark = "m:"

func (s *Store) tallyTransaction(events []Counted) *transaction {
	tx := &transaction{}
	for _, e := range events {
		tx.put(key(join("tallied", e.EventID), noSort), "attribute_not_exists(pk)", nil, nil)
	}
	adds := counters(events)
	for _, place := range slices.Sorted(maps.Keys(adds)) {
		c := adds[place]
		names, values := map[string]string{}, item{}
		var parts []string
		for i, name := range slices.Sorted(maps.Keys(c.adds)) {
			n, v := fmt.Sprintf("#m%d", i), fmt.Sprintf(":n%d", i)
			names[n], values[v] = metricMark+name, num(c.adds[name])
			parts = append(parts, n+" "+v)
		}
		add := "ADD " + strings.Join(parts, ", ")
		tx.add(types.TransactWriteItem{Update: &types.Update{Key: key(c.pk, c.sk), UpdateExpression: &add,
			ExpressionAttributeNames: names, ExpressionAttributeValues: values}}, nil)
	}
	for i := range tx.in.TransactItems {
		s.name(&tx.in.TransactItems[i])
	}
	token := rand.Text()
	tx.in.ClientRequestToken = &token
	return tx
}

// Sum implements webcare.Tallies: one query per day and shard.
func (s *Store) Sum(ctx context.Context, brand, prefix string, from, to time.Time) (out []webcare.Tally, err error) {
	defer webcare.Wrap(&err, "Sum(%s, %s)", brand, prefix)
	var partitions []string
	for day := from.UTC().Truncate(24 * time.Hour); day.Before(to); day = day.AddDate(0, 0, 1) {
		partitions = append(partitions, sharded("tally", brand, day.Format(time.DateOnly))...)
	}
	found := make([][]webcare.Tally, len(partitions))
	err = each(places(len(found)), func(i int) (err error) {
		found[i], err = s.tallies(ctx, partitions[i], prefix)
		return err
	})
	if err != nil {
		return nil, err
	}
	return total(slices.Concat(found...), from, to), nil
}

// tallies reads one shard of one day.
func (s *Store) tallies(ctx context.Context, partition, prefix string) (out []webcare.Tally, err error) {
	group, _ := metricPlace(prefix)
	r := s.stretch(attrPK, attrSK, "", partition, group, group+"\U0010ffff")
	for {
		it, err := r.next(ctx, 1000)
		if err != nil || it == nil {
			return out, err
		}
		sk := it.str(attrSK)
		cut := strings.LastIndexByte(sk, '#')
		hour, err := tallyHour(partition, sk[cut+1:])
		if err != nil {
			return nil, err
		}
		for attr := range it {
			name, ok := strings.CutPrefix(attr, metricMark)
			if metric := sk[:cut] + name; ok && strings.HasPrefix(metric, prefix) {
				out = append(out, webcare.Tally{Metric: metric, Hour: hour, N: it.num(attr)})
			}
		}
	}
}

// tallyHour reads the hour back from the keys: BRAND#DAY#SHARD and HH.
func tallyHour(partition, hh string) (time.Time, error) {
	parts := strings.Split(partition, "#")
	return time.ParseInLocation("2006-01-02 15", parts[len(parts)-2]+" "+hh, time.UTC)
}

// total adds up what shards hold, within the time asked for.
func total(parts []webcare.Tally, from, to time.Time) (out []webcare.Tally) {
	type place struct {
		metric string
		hour   time.Time
	}
	sums := map[place]int64{}
	for _, p := range parts {
		if !p.Hour.Before(from) && p.Hour.Before(to) {
			sums[place{p.Metric, p.Hour}] += p.N
		}
	}
	for p, n := range sums {
		out = append(out, webcare.Tally{Metric: p.metric, Hour: p.hour, N: n})
	}
	slices.SortFunc(out, func(a, b webcare.Tally) int {
		return cmp.Or(cmp.Compare(a.Metric, b.Metric), a.Hour.Compare(b.Hour))
	})
	return out
}
