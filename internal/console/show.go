package console

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

// functions are what templates can ask for beside the page's own methods.
var functions = template.FuncMap{
	"initial":    initial,
	"clock":      clock,
	"mood":       mood,
	"iso":        func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"millis":     func(t time.Time) int64 { return t.UnixMilli() },
	"euro":       euro,
	"unlabelled": func(h webcare.Head) webcare.Head { h.Frictions = nil; return h },
	"engine":     func(name string) string { name, _, _ = strings.Cut(name, " "); return name },
	"stars": func(n int) string {
		return strings.Repeat("★", min(max(n, 0), 5)) + strings.Repeat("☆", 5-min(max(n, 0), 5))
	},
	"words":   func(id string) string { return strings.ReplaceAll(id, "_", " ") },
	"rows":    func(s string) int { return min(max(5, 2+strings.Count(s, "\n")+len(s)/64), 24) },
	"join":    func(s []string) string { return strings.Join(s, ", ") },
	"current": func(c *webcare.Case) webcare.Draft { d, _ := c.CurrentDraft(); return d },
	"label": func(name, value string) string {
		if name == "only" || name == "urgency" {
			return name + "." + value
		}
		return value
	},
	"splitList":   split,
	"urgencies":   func() []string { return []string{"critical", "high", "normal", "low"} },
	"sentiments":  func() []string { return []string{"negative", "mixed", "neutral", "positive"} },
	"frictions":   func() []string { return texts(webcare.FrictionTypes()) },
	"hasFriction": func(h webcare.Head, t string) bool { return slices.Contains(h.Frictions, webcare.FrictionType(t)) },
	"mentions":    mentionParts,
}

// initial is the first letter of a name.
func initial(name string) string {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	if r == utf8.RuneError {
		return "·"
	}
	return string(unicode.ToUpper(r))
}

func mood(s webcare.SentimentLabel) string {
	return map[webcare.SentimentLabel]string{webcare.Negative: "−", webcare.Positive: "+", webcare.Mixed: "±"}[s]
}

func euro(cents int64) string { return fmt.Sprintf("€ %d,%02d", cents/100, cents%100) }

// mentionParts cuts a note where it calls somebody.
func mentionParts(note string) []part {
	out := []part{{}}
	for word := range strings.FieldsFuncSeq(strings.ReplaceAll(note, " ", " \x00"), func(r rune) bool { return r == 0 }) {
		called := review.Called(word)
		if len(called) == 0 {
			out[len(out)-1].Text += word
			continue
		}
		at := strings.IndexByte(word, '@')
		end := min(at+1+len(called[0]), len(word))
		out[len(out)-1].Text += word[:at]
		out = append(out, part{Text: word[at:end], Class: "at"}, part{Text: word[end:]})
	}
	return out
}

// Script is what scripts have to say, as JSON.
func (p page) Script() (string, error) {
	b, err := json.Marshal(map[string]string{"changed": p.T("script.changed"), "wroteAgain": p.T("script.wrote"), "show": p.T("script.show"),
		"saved": p.T("saved.at"), "unsaved": p.T("script.unsaved"), "signedOut": p.T("script.signedout"), "holder": p.T("holder")})
	return string(b), err
}

// TList translates several words parted by commas.
func (p page) TList(keys string) string {
	list := strings.Split(keys, ", ")
	for i, k := range list {
		list[i] = p.T(k)
	}
	return strings.Join(list, ", ")
}

// CaseFrom is a case's page, from which the way back leads to a queue.
func (p page) CaseFrom(id webcare.CaseID, query string) string { return caseURL(id, query) }

var months = map[string][]string{
	"nl": {"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"},
	"en": {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

var weekdays = map[string][]string{
	"nl": {"zo", "ma", "di", "wo", "do", "vr", "za"},
	"en": {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
}

// When says a time in the brand's time zone: today's by the hour only.
func (p page) When(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t, now := t.In(p.zone), p.now.In(p.zone)
	at := t.Format("15:04")
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return at
	}
	day := fmt.Sprintf("%s %d %s", weekdays[p.Lang][t.Weekday()], t.Day(), months[p.Lang][t.Month()-1])
	if t.Year() != now.Year() {
		day += fmt.Sprintf(" %d", t.Year())
	}
	return day + " " + at
}

// Local is the time some hours from now, as a field for a day and time has it.
func (p page) Local(hours int) string {
	return p.now.In(p.zone).Add(time.Duration(hours) * time.Hour).Format(localTime)
}

// Morning is the next working morning, as such a field has it.
func (p page) Morning() string {
	t := p.now.In(p.zone)
	t = time.Date(t.Year(), t.Month(), t.Day()+1, 9, 0, 0, 0, p.zone)
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, 1)
	}
	return t.Format(localTime)
}

// Clock is the time of day.
func (p page) Clock(t time.Time) string { return t.In(p.zone).Format("15:04") }

// Ago says how long ago something was.
func (p page) Ago(t time.Time) string {
	d := p.now.Sub(t)
	unit := func(n int, nl, en string) string {
		if p.Lang == "en" {
			return fmt.Sprintf("%d %s ago", n, en)
		}
		return fmt.Sprintf("%d %s geleden", n, nl)
	}
	switch {
	case d < time.Minute:
		return map[string]string{"nl": "net", "en": "just now"}[p.Lang]
	case d < time.Hour:
		return unit(int(d.Minutes()), "min", "min")
	case d < 24*time.Hour:
		return unit(int(d.Hours()), "u", "h")
	case d < 14*24*time.Hour:
		return unit(int(d.Hours()/24), "d", "d")
	}
	return p.When(t)
}

// Name is how colleagues call somebody.
func (p page) Name(id string) string {
	if name, ok := p.names[id]; ok {
		return name
	}
	if _, stage, ok := strings.Cut(id, "webcare/"); ok {
		return stage
	}
	return id
}

// timer says how a response clock stands.
type timer struct {
	Class      string // "none", "calm", "soon" or "over"
	Text       string
	Used       int   // percent of the term
	Due, Whole int64 // milliseconds; Due is 0 where no clock runs
}

// clock reads the response clock of a case: calm until 80% of its term has
// passed, then soon, then over.
func clock(h webcare.Head, now int64, lang string) timer {
	if h.DueAt.IsZero() || !h.Status.Open() {
		return timer{Class: "none", Text: "–"}
	}
	left := h.DueAt.UnixMilli() - now
	t := timer{Class: "calm", Due: h.DueAt.UnixMilli(), Whole: h.DueAt.Sub(h.ReceivedAt).Milliseconds()}
	if t.Whole > 0 {
		t.Used = int(min(100, max(0, 100*(t.Whole-left)/t.Whole)))
	}
	switch {
	case left < 0:
		t.Class = "over"
	case t.Used >= 80:
		t.Class = "soon"
	}
	d := time.Duration(max(left, -left)) * time.Millisecond
	switch {
	case d >= 48*time.Hour:
		t.Text = fmt.Sprintf("%d d", int(d.Hours()/24))
	case d >= time.Hour:
		t.Text = fmt.Sprintf("%d:%02d %s", int(d.Hours()), int(d.Minutes())%60, map[string]string{"nl": "u", "en": "h"}[lang])
	default:
		t.Text = fmt.Sprintf("%d min", int(d.Minutes()))
	}
	if left < 0 {
		t.Text += map[string]string{"nl": " te laat", "en": " late"}[lang]
	}
	if !h.PausedAt.IsZero() {
		t.Text, t.Class = "‖", "none"
	}
	return t
}

func count(n int) string {
	if n > countLimit {
		return "1.000+"
	}
	return fmt.Sprint(n)
}
