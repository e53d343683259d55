package insight

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Deltas returns what an event changes, each counter once, in order.
func Deltas(e webcare.Event) []webcare.Delta {
	c := counting{event: e, sums: map[place]int64{}}
	c.perHour(e.At, "event/"+string(e.Type), 1)
	switch e.Type {
	case webcare.CaseTriaged, webcare.TriageCorrected, webcare.CaseTagged:
		c.labelled()
	case webcare.ReplyPublished, webcare.ColleagueReplied:
		c.answered()
	case webcare.DraftRejected:
		c.flow("draft/rejected", 1)
	case webcare.CaseReopened:
		c.flow("reopened", 1)
	case webcare.PromiseMade, webcare.PromiseWasKept, webcare.PromiseWasBroken:
		c.promise()
	case webcare.WorkOrderCreated, webcare.WorkOrderClosed:
		c.order()
	}
	return c.deltas()
}

type place struct {
	metric string
	hour   time.Time
}

type counting struct {
	event webcare.Event
	sums  map[place]int64
}

func (c *counting) add(metric string, hour time.Time, n int64) { c.sums[place{metric, hour}] += n }

func (c *counting) deltas() []webcare.Delta {
	keys := slices.SortedFunc(maps.Keys(c.sums), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.metric, b.metric), a.hour.Compare(b.hour))
	})
	out := make([]webcare.Delta, 0, len(keys))
	for _, k := range keys {
		if n := c.sums[k]; n != 0 {
			out = append(out, webcare.Delta{Brand: c.event.Brand, Metric: k.metric, Hour: k.hour, N: n})
		}
	}
	return out
}

func hourOf(t time.Time) time.Time { return t.UTC().Truncate(time.Hour) }

func (c *counting) perHour(at time.Time, metric string, n int64) {
	c.add(metric, hourOf(at), n)
	c.add("channel/"+c.event.Channel+"/"+metric, hourOf(at), n)
}

// perDay counts in one slice.
func (c *counting) perDay(at time.Time, slice, metric string, n int64) {
	at = at.UTC()
	month := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	c.add("d/"+slice+"/"+at.Format("2006-01/02")+"/"+strings.ReplaceAll(metric, "/", ":"), month, n)
}

// flow counts something that happened now, under the labels of now.
func (c *counting) flow(metric string, n int64) {
	c.perDay(c.event.At, All, metric, n)
	for _, s := range slicesOf(c.event.Channel, c.event.New) {
		c.perDay(c.event.At, s, metric, n)
	}
}

// All is the slice that leaves nothing out.
const All = "all"

// maxTags bounds the tags of one case that have slices of their own.
const maxTags = 8

// Slice names one value of a dimension: channel, main, language or tag.
func Slice(dimension, value string) string { return dimension + "=" + url.PathEscape(value) }

// Escape writes a value that people chose as one part of a metric: neither '/'
// nor ':', which counters per day write for it, stands in it.
func Escape(value string) string { return strings.ReplaceAll(url.PathEscape(value), ":", "%3A") }

// slicesOf are the slices, besides All, that labels stand in.
func slicesOf(channel string, l *webcare.Labels) []string {
	out := []string{Slice("channel", channel)}
	if l == nil || l.Kind == "" {
		return out
	}
	main := "none"
	if len(l.Frictions) > 0 {
		main = string(l.Frictions[0])
	}
	out = append(out, Slice("main", main), Slice("language", l.Language))
	for _, t := range l.Tags[:min(len(l.Tags), maxTags)] {
		out = append(out, Slice("tag", t))
	}
	return out
}

// labelled moves a contact from its old labels to its new ones.
func (c *counting) labelled() {
	e := c.event
	began, err := time.Parse(time.RFC3339, e.Data["contact"])
	if err != nil {
		began = e.At // an event of before contacts were noted
	}
	if e.Data["fresh"] == "" {
		c.contact(began, e.Old, e.Data["praise_before"] != "", -1)
	}
	c.contact(began, e.New, e.Data["praise"] != "", 1)
	if e.Data["fresh"] != "" && e.Data["imported"] == "" {
		c.arrival()
	}
}

// contact counts one contact under its labels.
func (c *counting) contact(at time.Time, l *webcare.Labels, praise bool, n int64) {
	if l == nil || l.Kind == "" {
		return
	}
	whole, part := metrics(l)
	before := c.event.Data["before"]
	if before == "" {
		whole = append(whole, "case")
		part = append(part, "case")
	} else {
		part = append(part, "after/"+before+"/"+string(l.Sentiment))
	}
	if praise {
		part = append(part, "praise")
	}
	for _, m := range whole {
		c.perHour(at, m, n)
		c.perDay(at, All, m, n)
	}
	for _, m := range part {
		if !slices.Contains(whole, m) {
			c.perDay(at, All, m, n)
		}
	}
	c.perDay(at, All, "channel/"+Escape(c.event.Channel), n)
	for _, s := range slicesOf(c.event.Channel, l) {
		for _, m := range part {
			c.perDay(at, s, m, n)
		}
	}
}

// metrics are the counters that a labelled contact stands under in the whole,
// and those in each slice.
func metrics(l *webcare.Labels) (whole, part []string) {
	part = []string{"contact", "sentiment/" + string(l.Sentiment)}
	for i, f := range l.Frictions {
		if i == 0 {
			part = append(part, "main/"+string(f))
		}
		part = append(part, "friction/"+string(f))
		if fam := "family/" + string(f.Family()); !slices.Contains(part, fam) {
			part = append(part, fam)
		}
	}
	whole = append(slices.Clone(part), "language/"+l.Language, "urgency/"+string(l.Urgency), "kind/"+string(l.Kind))
	for _, t := range l.Tags[:min(len(l.Tags), maxTags)] {
		whole = append(whole, "tag/"+Escape(t))
	}
	return whole, part
}

// arrival counts a contact in the minute in which it was understood.
func (c *counting) arrival() {
	for _, f := range c.event.New.Frictions {
		c.add("s/"+c.event.At.UTC().Format("2006-01-02T15/04")+"/"+string(f), hourOf(c.event.At), 1)
	}
}

// answered counts a reply: how long the customer waited for it, what became
// of the draft, what it costs.
func (c *counting) answered() {
	d := c.event.Data
	c.flow("reply", 1)
	if d["first"] != "" {
		c.flow("answered", 1)
		c.waited("waited", d["waited"])
		c.waited("open", d["open"])
		switch d["on_time"] {
		case "true":
			c.flow("clock/kept", 1)
		case "false":
			c.flow("clock/late", 1)
		}
	}
	if d["draft"] != "" {
		c.flow("draft/"+d["draft"], 1)
	}
	if d["resolution"] != "" {
		c.flow("resolution/"+Escape(d["resolution"]), 1)
	}
	if cents, err := strconv.ParseInt(d["cost_cents"], 10, 64); err == nil && cents != 0 {
		c.flow("cost", cents)
		c.flow("cost/"+Escape(d["resolution"]), cents)
	}
}

// waitBounds are the upper bounds, in minutes, of the stretches in which
// response times are counted.
var waitBounds = []int64{15, 30, 60, 120, 240, 480, 1440, 2880, 4320, 10080}

// waited counts a response time, by its stretch and in sum.
func (c *counting) waited(metric, seconds string) {
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return
	}
	i, _ := slices.BinarySearch(waitBounds, (s+59)/60)
	c.flow(metric+"/"+strconv.Itoa(i), 1)
	c.flow(metric+"_seconds", s)
}

// promise counts by team: a desk, or the webcare team itself.
func (c *counting) promise() {
	what := map[webcare.EventType]string{webcare.PromiseMade: "made", webcare.PromiseWasKept: "kept", webcare.PromiseWasBroken: "broken"}[c.event.Type]
	if what == "kept" && c.event.Data["late"] != "" {
		what = "kept_late"
	}
	c.flow("promise/"+what, 1)
	c.perDay(c.event.At, All, "owner/"+team(c.event.Data["desk"])+"/"+what, 1)
}

// team is who answers for a promise. Owners who are persons are not counted.
func team(desk string) string {
	if desk == "" {
		return "webcare"
	}
	return Escape(desk)
}

func (c *counting) order() {
	what := "created"
	if c.event.Type == webcare.WorkOrderClosed {
		what = cmp.Or(c.event.Data["state"], "done")
	}
	c.flow("order/"+what, 1)
	c.perDay(c.event.At, All, "desk/"+team(c.event.Data["desk"])+"/"+what, 1)
}
