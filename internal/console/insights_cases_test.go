package console_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/webcare"
)

// life takes random steps on one case, as customers, machines and people do:
// it writes, is triaged, corrected and tagged, answered, promised something,
// waits, writes again, is closed.
type life struct {
	d   *desk
	rnd *rand.Rand
	id  webcare.CaseID
	n   int
}

func (l *life) step() {
	l.n++
	c, err := l.d.store.Load(l.d.t.Context(), l.id)
	if l.n == 1 {
		c, err = webcare.NewCase(l.id, "voorbeeld", pick(l.rnd, "x", "email", "forum/a")), nil
	}
	must(l.d.t, err)
	ch := webcare.Begin(c, l.d.now, l.d.as.Actor)
	if l.take(ch) != nil {
		return // not allowed as the case stands
	}
	_, err = l.d.store.Commit(l.d.t.Context(), ch)
	must(l.d.t, err)
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (l *life) take(ch *webcare.Change) error {
	now, h := l.d.now, ch.Head()
	if l.n == 1 || l.rnd.IntN(6) == 0 {
		return ch.Receive(webcare.Message{ID: webcare.MessageID(fmt.Sprint(l.id, l.n)), Key: webcare.Key{Channel: h.Channel, ExternalID: fmt.Sprint(l.id, "-", l.n)},
			Author: webcare.Author{Name: "Kim"}, Text: fmt.Sprint("Bericht ", l.n), ReceivedAt: now, PostedAt: now})
	}
	switch l.rnd.IntN(7) {
	case 0, 1:
		t := webcare.Triage{Kind: webcare.KindComplaint, Language: pick(l.rnd, "nl", "en"), Sentiment: webcare.Sentiment{Label: pick(l.rnd, webcare.Negative, webcare.Mixed, webcare.Positive)}}
		for _, f := range pick(l.rnd, []webcare.FrictionType{}, []webcare.FrictionType{webcare.Late}, []webcare.FrictionType{webcare.Refund, webcare.Late}) {
			t.Frictions = append(t.Frictions, webcare.Friction{Type: f})
		}
		if l.rnd.IntN(3) == 0 {
			t.Praise = []webcare.Span{{Text: "dank"}}
		}
		return ch.Triaged(t, h.InboundSeq, now.Add(8*time.Hour))
	case 2:
		return ch.Correct(webcare.Correction{Sentiment: pick(l.rnd, webcare.Negative, webcare.Neutral), Frictions: []webcare.FrictionType{pick(l.rnd, webcare.Late, webcare.ProductDefect)}})
	case 3:
		return ch.Tag([]string{pick(l.rnd, "kerst", "a/b", "week:48")})
	case 4:
		return pick(l.rnd, func() error { return ch.Close("") }, func() error { return ch.Wait("customer", now.Add(24*time.Hour)) }, func() error {
			return ch.EndPromise("p1-1", l.rnd.IntN(2) == 0, "")
		})()
	}
	return l.answer(ch)
}

// answer brings the case one step nearer to an answer.
func (l *life) answer(ch *webcare.Change) error {
	h := ch.Head()
	switch {
	case h.Approval != nil:
		return ch.PostedByHand(h.DraftHash, "https://example.com/1")
	case h.DraftHash != "":
		return ch.Approve(webcare.Consent{Version: h.Version, Hash: h.DraftHash, Assisted: true})
	}
	return ch.WriteDraft(h.Version, webcare.Draft{Text: fmt.Sprint("Sorry ", l.n), Language: "nl", Resolution: &webcare.Resolution{ID: pick(l.rnd, "visit", "refund_now"), CostCents: pick[int64](l.rnd, 0, 1250)},
		Promises: []webcare.Promised{{What: "bellen", Owner: "Els", Desk: pick(l.rnd, "", "finance"), Due: l.d.now.Add(48 * time.Hour)}}})
}

// TestFiguresOpenTheirCases: whatever happened to 30 cases over a month, each
// figure of the page, of every slice, opens exactly the cases that moved it.
func TestFiguresOpenTheirCases(t *testing.T) {
	d := newDesk(t)
	d.as.ID = "voorbeeld-lead"
	rnd := rand.New(rand.NewPCG(4, 8))
	var lives []*life
	for i := range 30 {
		lives = append(lives, &life{d: d, rnd: rnd, id: webcare.CaseID(fmt.Sprintf("life%02d", i))})
	}
	end := d.now
	d.now = end.AddDate(0, 0, -34)
	for d.now.Before(end) {
		d.now = d.now.Add(time.Duration(rnd.IntN(90)) * time.Minute)
		pick(rnd, lives...).step()
	}
	d.now = end
	d.tally()
	events := map[webcare.CaseID][]webcare.Event{}
	for _, l := range lives {
		if c, err := d.store.Load(t.Context(), l.id); err == nil {
			events[l.id] = c.Events
		}
	}
	tried, kinds := 0, map[string]bool{}
	for _, by := range []string{"", "family:time_place", "channel:forum/a", "tag:week:48"} {
		q := url.Values{"days": {"32"}, "by": {by}}
		dimension, value, _ := strings.Cut(by, ":")
		slicesRead, err := insight.Slices(dimension, value)
		must(t, err)
		p := insight.Days(32, end)
		f, err := insight.Read(t.Context(), d.store.Tallies, "voorbeeld", slicesRead, p)
		must(t, err)
		moves := map[webcare.CaseID]map[string]int64{}
		for id, es := range events {
			moves[id] = moved(es, slicesRead, p)
		}
		for metric := range metricsOf(f) {
			kinds[strings.Split(metric, "/")[0]] = true
			var want []string
			for id := range events {
				if moves[id][metric] != 0 {
					want = append(want, string(id))
				}
			}
			slices.Sort(want)
			what, err := url.PathUnescape(metric) // as the page links it
			must(t, err)
			q.Set("what", what)
			if got := d.figureCases(q); !slices.Equal(got, want) {
				t.Errorf("by %q, %s: opens %d cases, %d moved it\n%v\n%v", by, metric, len(got), len(want), got, want)
			}
			tried++
		}
	}
	for _, k := range strings.Fields("contact case sentiment friction main family channel language tag praise after reply answered waited clock draft resolution cost promise owner") {
		if !kinds[k] {
			t.Errorf("no figure of the kind %s came about", k)
		}
	}
	if tried < 100 {
		t.Errorf("only %d figures", tried)
	}
	t.Logf("%d figures of %d cases", tried, len(events))
}

// metricsOf are the metrics of figures that are not zero.
func metricsOf(f insight.Figures) map[string]int64 {
	out := map[string]int64{}
	for _, r := range f.Rows() {
		out[r.Metric] += r.N
	}
	maps.DeleteFunc(out, func(m string, n int64) bool { return n == 0 || strings.HasSuffix(m, "_seconds") })
	return out
}

// moved is what the events of one case add to each metric, counted here anew.
func moved(events []webcare.Event, slicesRead []string, p insight.Period) map[string]int64 {
	out := map[string]int64{}
	for _, e := range events {
		for _, x := range insight.Deltas(e) {
			for _, s := range slicesRead {
				at, metric, ok := strings.Cut(strings.TrimPrefix(x.Metric, "d/"+s+"/"), "/")
				if !ok || !strings.HasPrefix(x.Metric, "d/"+s+"/") {
					continue
				}
				day, metric, _ := strings.Cut(metric, "/")
				if t, err := time.Parse("2006-01/02", at+"/"+day); err == nil && p.Contains(t) {
					out[strings.ReplaceAll(metric, ":", "/")] += x.N
				}
			}
		}
	}
	return out
}

// figureCases follows the pages behind a figure to the end.
func (d *desk) figureCases(q url.Values) (out []string) {
	d.t.Helper()
	for path := "/insights/cases?" + q.Encode(); path != ""; {
		code, body, _ := d.get("GET", path, nil)
		if code != 200 {
			d.t.Fatalf("%s: %d %s", path, code, body)
		}
		for _, m := range regexp.MustCompile(`href="/cases/([^"]+)"`).FindAllStringSubmatch(body, -1) {
			out = append(out, m[1])
		}
		path = ""
		if m := regexp.MustCompile(`class="more"><a class="button" href="([^"]+)"`).FindStringSubmatch(body); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	slices.Sort(out)
	return out
}
