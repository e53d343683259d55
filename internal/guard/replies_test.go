package guard_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// labelled is a line of testdata/guard: what a careful reader says is wrong.
type labelled struct {
	ID         string                 `json:"id"`
	Set        string                 `json:"set"` // "tuned": read while writing the rules; "held": kept apart until they were done; "fresh", "last": written later, first looked at when whole
	Channel    string                 `json:"channel"`
	Public     *bool                  `json:"public"`
	Language   string                 `json:"language"`
	Text       string                 `json:"text"`
	Reply      string                 `json:"reply"`
	Resolution *webcare.Resolution    `json:"resolution"`
	Complaint  *bool                  `json:"complaint"`
	Urgency    webcare.Urgency        `json:"urgency"`
	Praise     []string               `json:"praise"`
	Frictions  []webcare.FrictionType `json:"frictions"`
	Recent     []string               `json:"recent"`
	Expect     []string               `json:"expect"`
}

func (l labelled) input() guard.Input {
	t := &webcare.Triage{Language: l.Language, Complaint: true, Urgency: webcare.Normal, Facts: text.Facts(l.Text, l.Language)}
	if l.Complaint != nil {
		t.Complaint = *l.Complaint
	}
	if l.Urgency != "" {
		t.Urgency = l.Urgency
	}
	for _, p := range l.Praise {
		at := strings.Index(l.Text, p)
		t.Praise = append(t.Praise, webcare.Span{Start: at, End: at + len(p), Text: p})
	}
	for _, f := range l.Frictions {
		t.Frictions = append(t.Frictions, webcare.Friction{Type: f})
	}
	public := guard.PublicChannel(l.Channel)
	if l.Public != nil {
		public = *l.Public
	}
	return guard.Input{Reply: l.Reply, Channel: l.Channel, Public: public, Messages: []string{l.Text}, Triage: t,
		Language: l.Language, Resolution: l.Resolution, Voice: guard.DefaultVoice(), Recent: l.Recent}
}

func loadReplies(tb testing.TB) []labelled {
	tb.Helper()
	files, err := filepath.Glob("../../testdata/guard/*.jsonl")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no labelled replies: %v", err)
	}
	var all []labelled
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		lines := bufio.NewScanner(bytes.NewReader(data))
		lines.Buffer(nil, 1<<20)
		for n := 1; lines.Scan(); n++ {
			var l labelled
			if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
				tb.Fatalf("%s:%d: %v", file, n, err)
			}
			for _, p := range l.Praise {
				if !strings.Contains(l.Text, p) {
					tb.Fatalf("%s: praise %q does not stand in the text", l.ID, p)
				}
			}
			all = append(all, l)
		}
	}
	return all
}

// score counts what a rule found, missed and found wrongly.
type score struct{ right, wrong, missed int }

func (s score) precision() float64 { return ratio(s.right, s.right+s.wrong) }
func (s score) recall() float64    { return ratio(s.right, s.right+s.missed) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// TestLabelledReplies measures every rule on replies that people could have
// written, and fails under the bars: precision and recall 0.9 for the rules
// that block, 0.8 for the others.
func TestLabelledReplies(t *testing.T) {
	ids, blocking := guard.Rules()
	all := loadReplies(t)
	if len(all) < 200 {
		t.Fatalf("only %d labelled replies", len(all))
	}
	for _, set := range []string{"tuned", "held", "fresh", "fresh-2", "fresh-3", "fresh-4", "fresh-5", "fresh-6", "fresh-7", "fresh-8", "fresh-9", "fresh-10", "fresh-11", "fresh-12", "last", ""} {
		scores := map[string]*score{}
		for _, id := range ids {
			scores[id] = &score{}
		}
		for _, l := range all {
			if set != "" && l.Set != set {
				continue
			}
			compare(t, l, scores, set == "" && testing.Verbose())
		}
		report(t, set, ids, scores)
		if set != "" {
			continue
		}
		for _, id := range ids {
			bar := 0.8
			if blocking[id] {
				bar = 0.9
			}
			if s := scores[id]; s.precision() < bar || s.recall() < bar {
				t.Errorf("%s: precision %.2f, recall %.2f, the bar is %.1f", id, s.precision(), s.recall(), bar)
			}
		}
	}
}

func compare(t *testing.T, l labelled, scores map[string]*score, show bool) {
	t.Helper()
	got := map[string]webcare.Finding{}
	for _, f := range guard.Check(l.input()) {
		if _, ok := got[f.Rule]; !ok {
			got[f.Rule] = f
		}
	}
	for _, id := range l.Expect {
		s, ok := scores[id]
		if !ok {
			t.Fatalf("%s: no rule %q", l.ID, id)
		}
		if _, found := got[id]; found {
			s.right++
		} else {
			s.missed++
			if show {
				t.Logf("%s misses %s\n  %s\n  > %s", l.ID, id, l.Text, l.Reply)
			}
		}
	}
	for id, f := range got {
		if !slices.Contains(l.Expect, id) {
			scores[id].wrong++
			if show {
				t.Logf("%s wrongly %s «%s» %s\n  %s\n  > %s", l.ID, id, l.Reply[f.Start:f.End], f.Message, l.Text, l.Reply)
			}
		}
	}
}

func report(t *testing.T, set string, ids []string, scores map[string]*score) {
	t.Helper()
	if set == "" {
		set = "all"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", set)
	for _, id := range ids {
		s := scores[id]
		fmt.Fprintf(&b, "  %-20s precision %.2f recall %.2f (%d right, %d wrong, %d missed)\n", id, s.precision(), s.recall(), s.right, s.wrong, s.missed)
	}
	t.Log(b.String())
}
