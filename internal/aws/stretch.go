package aws

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
)

// stretch reads the items of one partition between two sort keys, in order,
// asking for more as they are taken.
type stretch struct {
	s          *Store
	in         dynamodb.QueryInput
	sort       string
	consistent bool
	backward   bool
	items      []item
	ended      bool
}

// stretch begins at lo and ends at hi, both included; an empty hi is no bound.
func (s *Store) stretch(pAttr, sAttr, index, partition, lo, hi string) *stretch {
	r := &stretch{s: s, sort: sAttr}
	condition := "#p = :p"
	names, values := map[string]string{"#p": pAttr}, item{":p": str(partition)}
	switch {
	case hi != "":
		condition += " AND #s BETWEEN :lo AND :hi"
		values[":lo"], values[":hi"] = str(orFirst(lo)), str(hi)
		r.ended = hi < orFirst(lo)
	case lo != "":
		condition += " AND #s >= :lo"
		values[":lo"] = str(lo)
	}
	if hi != "" || lo != "" {
		names["#s"] = sAttr
	}
	r.in = dynamodb.QueryInput{TableName: s.table, KeyConditionExpression: &condition,
		ExpressionAttributeNames: names, ExpressionAttributeValues: values}
	if index != "" {
		r.in.IndexName = &index
	}
	return r
}

// orFirst is lo, or the first sort key there can be.
func orFirst(lo string) string {
	if lo == "" {
		return "\x00"
	}
	return lo
}

// after is the first sort key above one.
func after(k string) string {
	if k == "" {
		return ""
	}
	return k + "\x00"
}

// fill reads until there is an item or no more. want is how many the caller
// hopes for.
func (r *stretch) fill(ctx context.Context, want int) error {
	for len(r.items) == 0 && !r.ended {
		r.in.Limit = awssdk.Int32(int32(min(max(want, 1), 1000)))
		if r.consistent {
			r.in.ConsistentRead = awssdk.Bool(true)
		}
		if r.backward {
			r.in.ScanIndexForward = awssdk.Bool(false)
		}
		out, err := r.s.db.Query(ctx, &r.in)
		if err != nil {
			return explain(err)
		}
		for _, it := range out.Items {
			r.items = append(r.items, it)
		}
		r.in.ExclusiveStartKey = out.LastEvaluatedKey
		r.ended = len(out.LastEvaluatedKey) == 0
	}
	return nil
}

// next returns the next item, nil after the last.
func (r *stretch) next(ctx context.Context, want int) (item, error) {
	if err := r.fill(ctx, want); err != nil || len(r.items) == 0 {
		return nil, err
	}
	it := r.items[0]
	r.items = r.items[1:]
	return it, nil
}

// merged reads the first items of several partitions as one ordered list, up to
// limit. It asks each partition for its share and for more where that runs out,
// so that a page costs little more than its items.
func (s *Store) merged(ctx context.Context, pAttr, sAttr, index string, partitions []string, lo, hi string, limit int) ([]item, error) {
	runs := make([]*stretch, len(partitions))
	for i, p := range partitions {
		runs[i] = s.stretch(pAttr, sAttr, index, p, lo, hi)
	}
	share := min(limit, fairShare(limit, len(runs)))
	if err := each(runs, func(r *stretch) error { return r.fill(ctx, share) }); err != nil {
		return nil, err
	}
	var out []item
	for len(out) < limit {
		var first *stretch
		for _, r := range runs {
			if err := r.fill(ctx, share); err != nil {
				return nil, err
			}
			if len(r.items) > 0 && (first == nil || r.items[0].str(sAttr) < first.items[0].str(sAttr)) {
				first = r
			}
		}
		if first == nil {
			break
		}
		out = append(out, first.items[0])
		first.items = first.items[1:]
	}
	return out, nil
}

// fairShare is what one of n partitions holds of limit items hashed over them,
// with room for the usual spread (two standard deviations).
func fairShare(limit, n int) int {
	mean := float64(limit) / float64(n)
	return int(mean+2*math.Sqrt(mean)) + 1
}

// each runs f on all at once and returns what failed.
func each[T any](all []T, f func(T) error) error {
	if len(all) == 1 {
		return f(all[0])
	}
	var wg sync.WaitGroup
	errs := make([]error, len(all))
	slots := make(chan struct{}, maxParallel)
	for i, v := range all {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			errs[i] = f(v)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// places are the numbers below n, for each.
func places(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// maxParallel is how many calls one question makes at once.
const maxParallel = 16

// count counts the items of partitions, stopping above limit. It goes round by
// round, so that no partition is read on once the others hold enough.
func (s *Store) count(ctx context.Context, pAttr, index string, partitions []string, limit int) (total int, err error) {
	runs := make([]*stretch, len(partitions))
	for i, p := range partitions {
		runs[i] = s.stretch(pAttr, "", index, p, "", "")
		runs[i].in.Select = types.SelectCount
	}
	for len(runs) > 0 && total <= limit {
		share := int32(fairShare(limit+1-total, len(runs)))
		counts := make([]int32, len(runs))
		err := each(places(len(runs)), func(i int) error {
			r := runs[i]
			r.in.Limit = &share
			out, err := s.db.Query(ctx, &r.in)
			if err != nil {
				return explain(err)
			}
			counts[i] = out.Count
			r.in.ExclusiveStartKey, r.ended = out.LastEvaluatedKey, len(out.LastEvaluatedKey) == 0
			return nil
		})
		if err != nil {
			return 0, err
		}
		for _, n := range counts {
			total += int(n)
		}
		runs = slices.DeleteFunc(runs, func(r *stretch) bool { return r.ended })
	}
	return total, nil
}
