// Command crisis simulates what the functions on AWS do when a million people
// write within an hour: second by second, with the batches and concurrency of
// template.yaml, units and times as infra/local measures them, and the limits
// that AWS sets. It names what held the mentions up.
//
//	go run ./infra/crisis
//
// infra/scale.md says what follows from it.
package main

import (
	"fmt"
	"math"
	"os"
	"text/tabwriter"
)

func main() {
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "setting\tstored late, s\tlast in review\tmost waiting\tlongest wait\tpeak units/s\tmost functions\theld up by")
	for _, s := range settings {
		r := s.run(million(1_000_000))
		fmt.Fprintf(w, "%s\t%d\t%s\t%d\t%s\t%.0f\t%.0f\t%s\n", s.name, r.refused, clock(r.done), r.backlog, clock(r.wait), r.units, r.functions, r.bottleneck())
	}
	_ = w.Flush() // to the terminal
}

func clock(seconds int) string { return fmt.Sprintf("%d:%02d", seconds/60, seconds%60) }

// million are arrivals by second: n in an hour, most of them early, as after a
// post that everybody shares: a rise of five minutes, then a slow end.
func million(n float64) []float64 {
	out := make([]float64, 3600)
	sum := 0.0
	for i := range out {
		t := float64(i+1) / 60
		out[i] = t / 5 * math.Exp(1-t/5) // highest at five minutes
		out[i] = 0.35*out[i] + 0.65*math.Exp(-t/40)*min(t/5, 1)
		sum += out[i]
	}
	for i := range out {
		out[i] *= n / sum
	}
	return out
}

// stage is a function that a queue feeds.
type stage struct {
	name       string
	units      float64 // write units of a mention
	batch      int
	concurrent float64 // MaximumConcurrency of its source
	seconds    float64 // of a call with a full batch
}

// Units and times: infra/costs.md. Receiving is bounded by the account's
// functions alone.
var (
	receiving = stage{name: "receive", units: 15.3, batch: 1, concurrent: 1000, seconds: 0.15}
	stages    = []stage{{"triage", 53, 10, 50, 0.6}, {"draft", 51.7, 5, 50, 0.5}}
)

// What the relay writes for each mention, three events, in full batches: a mark
// of each event and a share of the counters that a batch adds up.
const (
	relayUnits     = 18.0
	eventsEach     = 3.0
	tallySeconds   = 0.02 // that a transaction holds the counters of an hour
	tallyShards    = 8
	eventsTogether = 40.0 // fit one transaction, with their counters
)

// listUnits is what one mention writes into the busiest list of a brand: in and
// out of the cases received, a head of up to 2 kB.
const (
	listUnits     = 4.0
	listShards    = 8
	partitionMost = 1000.0 // write units a second of one partition key, by AWS
)

// setting is a table and an account.
type setting struct {
	name string
	// warm is what the table takes at once; it takes twice the peak of what
	// went before within half an hour, up to quota.
	warm, quota float64
	account     float64 // functions at once
	// parallel relays a shard of the stream, and the window they gather in.
	parallel, window float64
	// spare is the share of the units that a mention does without.
	spare float64
	// wide is how many of each stage's functions may work at once, 0 for the template's.
	wide float64
}

var settings = []setting{
	{"a new table", 4_000, 40_000, 1000, 4, 1, 0, 0},
	{"a table with daily peaks of 10,000 units", 20_000, 40_000, 1000, 4, 1, 0, 0},
	{"warmed to 40,000 units", 40_000, 40_000, 1000, 4, 1, 0, 0},
	{"warmed to 120,000, quota raised", 120_000, 120_000, 1000, 4, 1, 0, 0},
	{"likewise, one relay a shard gathers 5 s, 200 of each stage", 120_000, 120_000, 1000, 1, 5, 0, 200},
	{"warmed to 40,000, no search terms", 40_000, 40_000, 1000, 1, 5, 0.3, 0},
}

// result is what came of a crisis.
type result struct {
	refused   int // seconds in which mentions waited outside
	done      int // second in which the last stood before a person
	backlog   int
	wait      int // longest, in seconds, from arrival to a person
	units     float64
	functions float64
	held      map[string]float64 // mentions times seconds, by what held them
}

func (r result) bottleneck() string {
	best, most := "nothing", 0.0
	for k, v := range r.held {
		if v > most {
			best, most = k, v
		}
	}
	return best
}

// run lets mentions arrive and works until none waits.
func (s setting) run(arrivals []float64) (r result) {
	r.held = map[string]float64{}
	queues := make([]float64, len(stages)+1) // waiting outside, for triage, for draft
	var arrived, reviewed float64
	var cameBy []float64
	total := 0.0
	for _, a := range arrivals {
		total += a
	}
	history := []float64{}
	for now := 0; reviewed < total-1 && now < 48*3600; now++ {
		if now < len(arrivals) {
			queues[0] += arrivals[now]
			arrived += arrivals[now]
		}
		cameBy = append(cameBy, arrived)
		budget := s.capacity(history)
		spent, busy := 0.0, 0.0
		done := make([]float64, len(queues))
		for i, st := range append([]stage{receiving}, stages...) {
			if i > 0 && s.wide > 0 {
				st.concurrent = s.wide
			}
			limits := map[string]float64{
				"write units of the table": (budget - spent) / (st.units*(1-s.spare) + relayUnits/3),
				"functions of " + st.name:  min(st.concurrent, s.account-busy) * float64(st.batch) / st.seconds,
			}
			if st.name == "triage" {
				limits["partitions of a brand's list"] = partitionMost * listShards / listUnits
				limits["counters: transactions that meet"] = s.counted(budget)
			}
			n, by := queues[i], ""
			for what, most := range limits {
				if most < n {
					n, by = max(most, 0), what
				}
			}
			done[i] = n
			spent += n * (st.units*(1-s.spare) + relayUnits/3)
			busy += n * st.seconds / float64(st.batch)
			if by != "" {
				r.held[by] += queues[i] - n
			}
		}
		for i, n := range done {
			queues[i] -= n
			if i+1 < len(queues) {
				queues[i+1] += n
			} else {
				reviewed += n
			}
		}
		history = append(history, spent)
		r.note(queues, spent, busy, now, reviewed, cameBy)
	}
	return r
}

func (r *result) note(queues []float64, spent, busy float64, now int, reviewed float64, cameBy []float64) {
	waiting := 0.0
	for _, q := range queues {
		waiting += q
	}
	if queues[0] > 1 {
		r.refused++
	}
	r.backlog, r.units, r.functions, r.done = max(r.backlog, int(waiting)), max(r.units, spent), max(r.functions, busy), now
	// The last to be reviewed now came when as many had arrived.
	lo, hi := 0, len(cameBy)-1
	for lo < hi {
		if mid := (lo + hi) / 2; cameBy[mid] < reviewed {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	r.wait = max(r.wait, now-lo)
}

// capacity is what an on-demand table takes now: twice the highest of what it
// took more than half an hour ago, what it is warmed to at least.
func (s setting) capacity(history []float64) float64 {
	peak := 0.0
	for i := 0; i < len(history)-1800; i += 10 {
		peak = max(peak, history[i])
	}
	return min(max(s.warm, 2*peak), s.quota)
}

// counted is how many mentions' events a second the counters take. A shard of
// the stream is a partition of the table; relays meet where two write the
// counters of one hour and shard at once.
func (s setting) counted(capacity float64) float64 {
	relays := max(math.Ceil(capacity/partitionMost), 4) * s.parallel
	transactions := tallyShards / tallySeconds * 0.5 // half of what would be, were they to stand in line
	each := eventsTogether
	if relays/s.window > transactions { // more batches than the counters take: they are repeated together
		each = eventsTogether / 2
	}
	return transactions * each / eventsEach
}
