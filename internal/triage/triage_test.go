package triage

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webcare.example/responder/internal/triage/model"
	"webcare.example/responder/internal/webcare"
)

func engine(t testing.TB) *Engine {
	t.Helper()
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func triageOf(t testing.TB, e *Engine, s string) webcare.Triage {
	t.Helper()
	got, err := e.Triage(context.Background(), webcare.TriageInput{Text: s})
	if err != nil {
		t.Fatal(err)
	}
	if err := Validate(got, s); err != nil {
		t.Fatalf("%.60q: %v", s, err)
	}
	return got
}

// want is what a case of testdata/triage/messages.jsonl asks for; what it
// leaves out is not looked at.
type want struct {
	Text      string
	Complaint *bool
	Has       []webcare.FrictionType // all of these
	Not       []webcare.FrictionType // none of these
	None      bool                   // no friction at all
	Evidence  string                 // of the first of Has: overlaps this
	Signals   []webcare.Signal
	Urgency   webcare.Urgency
	Sentiment webcare.SentimentLabel
	Language  string
}

func TestMessages(t *testing.T) {
	e := engine(t)
	f, err := os.Open("../../testdata/triage/messages.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for scanner := bufio.NewScanner(f); scanner.Scan(); n++ {
		var w want
		if err := json.Unmarshal(scanner.Bytes(), &w); err != nil {
			t.Fatal(err)
		}
		w.check(t, triageOf(t, e, w.Text))
	}
	if n < 20 {
		t.Errorf("%d cases only", n)
	}
}

func (w want) check(t *testing.T, got webcare.Triage) {
	t.Helper()
	types := map[webcare.FrictionType]webcare.Friction{}
	var names []webcare.FrictionType
	for _, f := range got.Frictions {
		types[f.Type] = f
		names = append(names, f.Type)
	}
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%q: "+format+" (frictions %v)", append([]any{w.Text}, append(args, names)...)...)
	}
	if w.Complaint != nil && got.Complaint != *w.Complaint {
		fail("complaint %v", got.Complaint)
	}
	for _, ft := range w.Has {
		if _, ok := types[ft]; !ok {
			fail("no %s", ft)
		}
	}
	for _, ft := range w.Not {
		if _, ok := types[ft]; ok {
			fail("has %s", ft)
		}
	}
	if w.None && len(names) > 0 {
		fail("has frictions")
	}
	if at := strings.Index(w.Text, w.Evidence); w.Evidence != "" && len(w.Has) > 0 {
		hit := slices.ContainsFunc(types[w.Has[0]].Evidence, func(s webcare.Span) bool { return s.Start < at+len(w.Evidence) && at < s.End })
		if !hit {
			fail("evidence %v does not touch %q", types[w.Has[0]].Evidence, w.Evidence)
		}
	}
	for _, s := range w.Signals {
		if !got.Has(s) {
			fail("no signal %s in %v", s, got.Signals)
		}
	}
	if w.Urgency != "" && got.Urgency != w.Urgency {
		fail("urgency %s", got.Urgency)
	}
	if w.Sentiment != "" && got.Sentiment.Label != w.Sentiment {
		fail("sentiment %v", got.Sentiment)
	}
	if w.Language != "" && got.Language != w.Language {
		fail("language %s", got.Language)
	}
}

func TestOddInputs(t *testing.T) {
	e := engine(t)
	for _, s := range []string{"", " ", "\n\n", "?", "🙃", "\xff\xfe", "12345", strings.Repeat("a", 5000), strings.Repeat("wachten ", 3000), strings.Repeat("[(\"", 2000)} {
		triageOf(t, e, s)
	}
}

func TestSameTextSameTriage(t *testing.T) {
	e := engine(t)
	s := "Al drie weken wacht ik op mijn bank. Niemand belt terug. @MeubelRijk, nooit meer!"
	if d := cmp.Diff(triageOf(t, e, s), triageOf(t, e, s)); d != "" {
		t.Error(d)
	}
}

func TestLanguageHint(t *testing.T) {
	e := engine(t)
	got, _ := e.Triage(context.Background(), webcare.TriageInput{Text: "123 🙃", Language: "nl"})
	if got.Language != "nl" {
		t.Errorf("a text that tells nothing got %q, hint nl", got.Language)
	}
	got, _ = e.Triage(context.Background(), webcare.TriageInput{Text: "My parcel has not arrived and nobody answers the phone", Language: "nl"})
	if got.Language != "en" {
		t.Errorf("English text got %q", got.Language)
	}
}

func TestWhatComesWithTheText(t *testing.T) {
	e := engine(t)
	score := func(in webcare.TriageInput) float64 {
		in.Text = "Het was zoals het was, niet meer en niet minder."
		return e.triage(in).ComplaintScore
	}
	plain := score(webcare.TriageInput{})
	if one, five := score(webcare.TriageInput{Stars: 1}), score(webcare.TriageInput{Stars: 5}); one <= plain || five >= plain {
		t.Errorf("complaint score %.2f with one star, %.2f without, %.2f with five", one, plain, five)
	}
	if named := score(webcare.TriageInput{Subject: "Klacht over levering"}); named <= plain {
		t.Errorf("complaint score %.2f where the subject says so, %.2f else", named, plain)
	}
}

func TestValidateRefuses(t *testing.T) {
	const s = "Mijn pakket is zoek"
	good := webcare.Triage{Language: "nl", Kind: webcare.KindComplaint, Complaint: true, Urgency: webcare.Normal, Sentiment: webcare.Sentiment{Score: -1, Label: webcare.Negative},
		Frictions: []webcare.Friction{{Type: webcare.FailedDelivery, Family: "time_place", Score: 1, Evidence: []webcare.Span{{Start: 5, End: 19, Text: "pakket is zoek"}}}}}
	if err := Validate(good, s); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*webcare.Triage){
		"language":     func(g *webcare.Triage) { g.Language = "dutch" },
		"kind":         func(g *webcare.Triage) { g.Kind = "rant" },
		"kind differs": func(g *webcare.Triage) { g.Kind = webcare.KindPraise },
		"score":        func(g *webcare.Triage) { g.ComplaintScore = 2 },
		"sentiment":    func(g *webcare.Triage) { g.Sentiment.Label = "sad" },
		"urgency":      func(g *webcare.Triage) { g.Urgency = "soon" },
		"signal":       func(g *webcare.Triage) { g.Signals = []webcare.Signal{"angry"} },
		"type":         func(g *webcare.Triage) { g.Frictions[0].Type = "tardy" },
		"family":       func(g *webcare.Triage) { g.Frictions[0].Family = "money" },
		"no evidence":  func(g *webcare.Triage) { g.Frictions[0].Evidence = nil },
		"offset":       func(g *webcare.Triage) { g.Frictions[0].Evidence[0].Start = 4 },
		"past the end": func(g *webcare.Triage) { g.Praise = []webcare.Span{{Start: 0, End: 99}} },
		"fact":         func(g *webcare.Triage) { g.Facts = []webcare.Fact{{Start: 0, End: 4, Text: "Hond"}} },
		"other beside": func(g *webcare.Triage) {
			o := g.Frictions[0]
			o.Type, o.Family = webcare.OtherFriction, "other"
			g.Frictions = append(g.Frictions, o)
		},
	} {
		bad := good
		bad.Frictions = slices.Clone(good.Frictions)
		bad.Frictions[0].Evidence = slices.Clone(good.Frictions[0].Evidence)
		spoil(&bad)
		if Validate(bad, s) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestCombine(t *testing.T) {
	offline := webcare.Triage{Engine: "triage/1", Language: "nl", Complaint: true, ComplaintScore: 0.95, Urgency: webcare.Critical,
		Facts: []webcare.Fact{{Kind: webcare.FactAmount, Start: 0, End: 4}, {Kind: webcare.FactDate, Start: 10, End: 14}}}
	llm := webcare.Triage{Engine: "llm/x", Language: "und", Complaint: false, Urgency: webcare.Normal, Facts: []webcare.Fact{{Kind: webcare.FactName, Start: 6, End: 9}, {Kind: webcare.FactPlace, Start: 12, End: 20}}}
	got := Combine(offline, llm)
	if !strings.Contains(got.Disagreement, "complaint") || !strings.Contains(got.Disagreement, "critical") {
		t.Errorf("disagreement %q", got.Disagreement)
	}
	if got.Urgency != webcare.Critical || got.Complaint || got.Language != "nl" || len(got.Facts) != 3 || got.Facts[1].Kind != webcare.FactName {
		t.Errorf("combined %+v", got)
	}
	llm.Complaint, llm.Urgency = true, webcare.Critical
	if got := Combine(offline, llm); got.Disagreement != "" {
		t.Errorf("disagreement where both agree: %q", got.Disagreement)
	}
}

func FuzzTriage(f *testing.F) {
	e := engine(f)
	b, err := os.ReadFile("../../testdata/triage/messages.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		f.Add(line)
	}
	f.Add(strings.Repeat("\xf0\x9f", 100) + "\"„'’[|]")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<20 {
			s = s[:1<<20]
		}
		triageOf(t, e, s)
	})
}

const post = "@MeubelRijk mijn bank zou in week 12 komen, het is nu week 19 en ik zit nog steeds op een tuinstoel. Drie keer gebeld, drie keer een ander verhaal. Lekker bezig hoor. Wanneer hoor ik iets? #wachten 🙃"

func BenchmarkPost(b *testing.B) {
	e := engine(b)
	in := webcare.TriageInput{Text: post}
	e.triage(in)
	b.ReportAllocs()
	for b.Loop() {
		e.triage(in)
	}
}

func BenchmarkColumn(b *testing.B) {
	e := engine(b)
	text := strings.Repeat(strings.ReplaceAll(post, "@MeubelRijk ", "")+"\n", 24)
	in := webcare.TriageInput{Text: text}
	b.ReportAllocs()
	for b.Loop() {
		e.triage(in)
	}
}

func BenchmarkMegabyte(b *testing.B) {
	e := engine(b)
	in := webcare.TriageInput{Text: strings.Repeat(post+"\n", (1<<20)/len(post))}
	for b.Loop() {
		e.triage(in)
	}
}

// Loading is what a cold start pays.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := model.Read(weightsFile); err != nil {
			b.Fatal(err)
		}
	}
}

func TestWeightsAreSmall(t *testing.T) {
	info, err := os.Stat(filepath.Join(".", "weights.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 8<<20 {
		t.Errorf("weights take %d bytes", info.Size())
	}
}
