package draft

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

var updateReplies = flag.Bool("update-replies", false, "write testdata/draft/replies.txt anew, to be read in review")

// now is a Tuesday morning in November.
var now = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// labelled is a message with what a careful reader found in it.
type labelled struct {
	ID, Channel, Language, Name, Text string
	Kind                              webcare.Kind
	Urgency                           webcare.Urgency
	Signals                           []webcare.Signal
	Frictions                         []struct {
		Type     webcare.FrictionType
		Evidence string
	}
	Praise []string
}

func cases(t testing.TB) []labelled {
	t.Helper()
	data, err := os.ReadFile("../../testdata/draft/cases.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all []labelled
	for line := range bytes.Lines(data) {
		var c labelled
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func named(t testing.TB, id string) labelled {
	t.Helper()
	for _, c := range cases(t) {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("there is no case %q", id)
	return labelled{}
}

// request is what the stage would ask of a drafter for the message.
func (l labelled) request() webcare.DraftRequest {
	span := func(s string) webcare.Span {
		i := strings.Index(l.Text, s)
		return webcare.Span{Start: i, End: i + len(s), Text: s}
	}
	tr := webcare.Triage{Language: l.Language, Kind: l.Kind, Complaint: l.Kind == webcare.KindComplaint, Urgency: l.Urgency,
		Signals: l.Signals, Facts: text.Facts(l.Text, l.Language)}
	for _, f := range l.Frictions {
		tr.Frictions = append(tr.Frictions, webcare.Friction{Type: f.Type, Family: f.Type.Family(), Score: 1, Evidence: []webcare.Span{span(f.Evidence)}})
	}
	for _, p := range l.Praise {
		tr.Praise = append(tr.Praise, span(p))
	}
	visibility := webcare.Public
	if l.Channel == "email" {
		visibility = webcare.Private
	}
	author := webcare.Author{Name: l.Name}
	c := &webcare.Case{Head: webcare.Head{ID: webcare.CaseID(l.ID), Channel: l.Channel, Author: author, Language: l.Language}}
	c.Messages = []webcare.Entry[webcare.Message]{{Seq: 1, Value: webcare.Message{Text: l.Text, Author: author, Visibility: visibility,
		Key: webcare.Key{Channel: l.Channel, ExternalID: l.ID}}}}
	c.Triages = []webcare.Entry[webcare.Triage]{{Seq: 2, Value: tr}}
	return webcare.DraftRequest{Case: c, Text: l.Text, Triage: tr, Channel: l.Channel, Public: visibility.IsPublic(), Sign: "Noor", Now: now}
}

// TestReplies holds every draft against the guard, and against the wording
// that was read aloud.
func TestReplies(t *testing.T) {
	var golden strings.Builder
	drafts, warned := 0, 0
	for _, l := range cases(t) {
		req := l.request()
		d, err := (Playbook{}).Draft(context.Background(), req)
		fmt.Fprintf(&golden, "=== %s\n%s\n", l.ID, l.Text)
		if err != nil {
			fmt.Fprintf(&golden, "--- %v\n\n", err)
			continue
		}
		fmt.Fprintf(&golden, "--- %s\n%s\n", d.Resolution.ID, d.Text)
		if d.PrivateText != "" {
			fmt.Fprintf(&golden, "--- private\n%s\n", d.PrivateText)
		}
		golden.WriteString("\n")
		drafts++
		for _, f := range guard.CheckDraft(req.Case, brand.Sample(), d, nil, now) {
			if f.Severity == webcare.Blocking {
				t.Errorf("%s: %s: %s", l.ID, f.Rule, f.Message)
			}
			warned++
			t.Logf("%s: %s: %s", l.ID, f.Rule, f.Message)
		}
	}
	if warned*20 >= drafts {
		t.Errorf("%d findings on %d drafts, want under 5%%", warned, drafts)
	}
	const name = "../../testdata/draft/replies.txt"
	if *updateReplies {
		if err := os.WriteFile(name, []byte(golden.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if golden.String() != string(want) {
		t.Errorf("the drafts are not those of %s: run with -update-replies and read what changed", name)
	}
}

func TestNoDraft(t *testing.T) {
	for id, c := range map[string]struct{ desk, reason string }{
		"nl-press":          {"press", "press"},
		"nl-privacyrequest": {"privacy", "privacy_request"},
		"en-spam":           {"", "spam"},
		"de-complaint":      {"", `language "de"`},
		"nl-news":           {"", "neither a complaint"},
	} {
		_, err := (Playbook{}).Draft(context.Background(), named(t, id).request())
		var no *NoDraftError
		if !errors.As(err, &no) || !errors.Is(err, webcare.ErrInvalid) || no.Desk != c.desk || !strings.Contains(no.Reason, c.reason) {
			t.Errorf("%s: Draft: %v, want none, for desk %q because of %q", id, err, c.desk, c.reason)
		}
	}
}

// inFormal is the sample brand with the register u.
func inFormal(t testing.TB) *brand.Brand {
	t.Helper()
	file := strings.Replace(string(brand.SampleFile()), "register: {nl: je, nl-BE: je, en: je}", "register: {nl: u}", 1)
	b, err := brand.Load(strings.NewReader(file), "u.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRegisterIsKept(t *testing.T) {
	b := inFormal(t)
	for _, l := range cases(t) {
		req := l.request()
		d, err := For(b).Draft(context.Background(), req)
		if err != nil || d.Language != "nl" {
			continue
		}
		for _, w := range text.Words(d.Text + " " + d.PrivateText) {
			if !strings.Contains(d.Text, `"`) && (w.Norm == "je" || w.Norm == "jij" || w.Norm == "jou" || w.Norm == "jouw") {
				t.Errorf("%s: says %q under register u:\n%s\n%s", l.ID, w.Norm, d.Text, d.PrivateText)
				break
			}
		}
		for _, f := range guard.CheckDraft(req.Case, b, d, nil, now) {
			if f.Severity == webcare.Blocking || f.Rule == "7-register" {
				t.Errorf("%s: %s: %s\n%s", l.ID, f.Rule, f.Message, d.Text)
			}
		}
	}
}

func TestSameCaseSameDraft(t *testing.T) {
	l := named(t, "nl-late-review")
	texts := map[string]bool{}
	for i := range 30 {
		l.ID = fmt.Sprint("case-", i)
		first, err := (Playbook{}).Draft(context.Background(), l.request())
		if err != nil {
			t.Fatal(err)
		}
		again, err := (Playbook{}).Draft(context.Background(), l.request())
		if err != nil || webcare.HashOf("b", "c", first) != webcare.HashOf("b", "c", again) {
			t.Fatalf("two drafts of one case differ (%v):\n%s\n%s", err, first.Text, again.Text)
		}
		texts[first.Text] = true
	}
	if len(texts) < 12 {
		t.Errorf("30 cases have %d wordings, want at least 12", len(texts))
	}
}

func fits(reply, kind string) bool {
	used, most := guard.Room(kind, reply)
	return most == 0 || used <= most
}

func TestEveryResolutionFitsEveryShortChannel(t *testing.T) {
	l := named(t, "nl-imposed-x")
	for _, key := range brand.PlaybookKeys() {
		for _, res := range brand.Sample().Resolutions(key) {
			for _, channel := range []string{"x", "bluesky", "mastodon"} {
				req := l.request()
				req.Channel, req.Resolution = channel, res.ID
				d, err := (Playbook{}).Draft(context.Background(), req)
				if err != nil {
					if len(res.Params) == 0 {
						t.Errorf("%s on %s: %v", res.ID, channel, err)
					}
					continue
				}
				if !fits(d.Text, channel) || d.Resolution.ID != res.ID {
					t.Errorf("%s on %s: resolution %s, %q", res.ID, channel, d.Resolution.ID, d.Text)
				}
			}
		}
	}
}

func BenchmarkPost(b *testing.B) {
	req := named(b, "nl-hidden-instagram").request()
	for b.Loop() {
		if _, err := (Playbook{}).Draft(context.Background(), req); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkColumn(b *testing.B) {
	l := named(b, "nl-mail-boiler")
	for len(l.Text) < 6000 {
		l.Text += "\n\n" + strings.ReplaceAll(named(b, "nl-mail-bereaved").Text, "overleden", "verhuisd")
	}
	req := l.request()
	for b.Loop() {
		if _, err := (Playbook{}).Draft(context.Background(), req); err != nil {
			b.Fatal(err)
		}
	}
}
