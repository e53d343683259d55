// Package units counts what a transaction consumes, by the rules of AWS
// (DynamoDB Developer Guide, "Capacity unit consumption"), for measurements on
// emulators: DynamoDB Local answers the same for one item as for two or three
// of a transaction. Its counts of all other calls are right.
package units

import (
	"encoding/json"
	"math"
	"strings"
)

type value struct {
	S    *string
	N    *string
	B    *string // base64
	BOOL *bool
}

type write struct {
	Put    *struct{ Item map[string]value }
	Delete *struct{ Key map[string]value }
	Update *struct {
		Key                       map[string]value
		ExpressionAttributeValues map[string]value
	}
	ConditionCheck *struct{ Key map[string]value }
}

// Transaction returns the write units of a TransactWriteItems call by its body:
// two for each begun kilobyte of each item, and one for each begun kilobyte of
// each place in an index that is written or cleared. What a call does not show
// is taken at its most: a head that is saved again leaves one place in each of
// its lists for another, a deleted task stood in one.
func Transaction(body []byte) (units float64, err error) {
	var in struct{ TransactItems []write }
	if err := json.Unmarshal(body, &in); err != nil {
		return 0, err
	}
	for _, w := range in.TransactItems {
		switch {
		case w.Put != nil:
			kb := kilobytes(size(w.Put.Item))
			units += 2*kb + kb*places(w.Put.Item)
		case w.Delete != nil:
			units += 2
			if pk := w.Delete.Key["pk"].S; pk != nil && strings.HasPrefix(*pk, "task#") {
				units++
			}
		case w.Update != nil:
			units += 2 * kilobytes(size(w.Update.Key)+size(w.Update.ExpressionAttributeValues))
		case w.ConditionCheck != nil:
			units += 2
		}
	}
	return units, nil
}

// places is how many entries of indexes a put item writes or clears.
func places(item map[string]value) (n float64) {
	again := item["t"].S != nil && *item["t"].S == "head" && item["v"].N != nil && *item["v"].N != "1"
	for _, attr := range []string{"lp", "ap"} {
		if item[attr].S == nil {
			continue
		}
		if n++; again {
			n++
		}
	}
	return n
}

// size of an item: names and values.
func size(item map[string]value) (n int) {
	for name, v := range item {
		n += len(name)
		switch {
		case v.S != nil:
			n += len(*v.S)
		case v.N != nil:
			n += len(*v.N)/2 + 2
		case v.B != nil:
			n += len(*v.B) / 4 * 3
		case v.BOOL != nil:
			n++
		}
	}
	return n
}

func kilobytes(n int) float64 { return math.Max(math.Ceil(float64(n)/1024), 1) }
