package run

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"
)

// Namespace is where the metrics stand in CloudWatch.
const Namespace = "Webcare"

// Metric is one number.
type Metric struct {
	name, unit string
	value      float64
}

// Count is a number of things.
func Count(name string, n float64) Metric { return Metric{name, "Count", n} }

// Millis is a time.
func Millis(name string, d time.Duration) Metric {
	return Metric{name, "Milliseconds", float64(max(d, 0).Milliseconds())}
}

var printing sync.Mutex

// Measure prints metrics as a line of CloudWatch's Embedded Metric Format:
// metrics cost no call. Dimensions carry names of stages and channels, never
// anything of a customer.
func (w *Wired) Measure(dimensions map[string]string, metrics ...Metric) {
	line, err := emf(w.Now(), dimensions, metrics)
	if err != nil {
		w.Log.Error("metrics", "err", err)
		return
	}
	printing.Lock()
	defer printing.Unlock()
	fmt.Fprintf(os.Stdout, "%s\n", line)
}

func emf(now time.Time, dimensions map[string]string, metrics []Metric) ([]byte, error) {
	type definition struct {
		Name string
		Unit string
	}
	out := map[string]any{}
	names := []string{}
	for k, v := range dimensions {
		out[k] = v
		names = append(names, k)
	}
	slices.Sort(names)
	var defs []definition
	for _, m := range metrics {
		out[m.name] = m.value
		defs = append(defs, definition{m.name, m.unit})
	}
	out["_aws"] = map[string]any{"Timestamp": now.UnixMilli(), "CloudWatchMetrics": []any{
		map[string]any{"Namespace": Namespace, "Dimensions": [][]string{names}, "Metrics": defs}}}
	return json.Marshal(out)
}
