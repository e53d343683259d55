package corpus

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"webcare.example/responder/internal/webcare"
)

func TestParse(t *testing.T) {
	e, err := Parse(`nl x negative high complaint repeat_contact,asks_for_reply :: Hoi,\n[late,broken_promise|mijn bank zou er maandag zijn] en [+|de chauffeur was aardig]. Bel me`)
	if err != nil {
		t.Fatal(err)
	}
	if e.Text != "Hoi,\nmijn bank zou er maandag zijn en de chauffeur was aardig. Bel me" {
		t.Errorf("text %q", e.Text)
	}
	if d := cmp.Diff([]webcare.FrictionType{webcare.Late, webcare.BrokenPromise}, e.Types()); d != "" {
		t.Error(d)
	}
	for _, s := range append([]webcare.Span{e.Frictions[0].Span}, e.Praise...) {
		if e.Text[s.Start:s.End] != s.Text {
			t.Errorf("span %+v is not its text", s)
		}
	}
	if !e.Complaint() || e.Urgency != webcare.High || len(e.Signals) != 2 {
		t.Errorf("head %+v", e)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, line := range []string{
		"", "nl x negative high complaint - no separator", "nl x negative high complaint :: five words",
		"nld x negative high complaint - :: language", "nl x sad high complaint - :: sentiment",
		"nl x negative soon complaint - :: urgency", "nl x negative high rant - :: kind", "nl x negative high complaint angry :: signal",
		"nl x negative high complaint - :: [late|open", "nl x negative high complaint - :: [tardy|unknown]",
		"nl x negative high complaint - :: [late|a [refund|nested] mark]", "nl x negative high complaint - :: stray ] sign",
	} {
		if _, err := Parse(line); err == nil {
			t.Errorf("Parse(%q) gave no error", line)
		}
	}
}

// Every line of the corpus is written back as it was read.
func TestFormatRoundTrip(t *testing.T) {
	names, err := filepath.Glob("../../../testdata/corpus/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		examples, errs := Read(f, filepath.Base(name))
		f.Close()
		for _, err := range errs {
			t.Error(err)
		}
		for _, e := range examples {
			again, err := Parse(Format(e))
			if err != nil {
				t.Fatalf("%s: Format wrote %q: %v", e.Source, Format(e), err)
			}
			again.Source = e.Source
			if d := cmp.Diff(e, again); d != "" {
				t.Fatalf("%s: -read +written and read\n%s", e.Source, d)
			}
		}
	}
}

func TestCorrectedIsReadable(t *testing.T) {
	text := "Niets [ontvangen] | en geen\r\nantwoord, maar de monteur was top\\"
	e := Corrected(text, "some channel", webcare.Triage{Language: "nl", Kind: webcare.KindOther, Complaint: true, Urgency: webcare.Normal,
		Sentiment: webcare.Sentiment{Label: webcare.Mixed}, Signals: []webcare.Signal{webcare.RepeatContact},
		Frictions: []webcare.Friction{
			{Type: webcare.Late, Evidence: []webcare.Span{{Start: 0, End: 17}}},
			{Type: webcare.HardToReach, Evidence: []webcare.Span{{Start: 6, End: 40}}},
			{Type: webcare.FailedDelivery, Evidence: []webcare.Span{{Start: 0, End: 17}}},
		},
		Praise: []webcare.Span{{Start: strings.Index(text, "de monteur"), End: len(text)}}})
	line := Format(e)
	got, err := Parse(line)
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	if !got.Complaint() || len(got.Types()) != 3 || len(got.Praise) != 1 {
		t.Errorf("%q read as %+v", line, got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("nl x negative high complaint - :: [late|te laat] en [+|aardig]")
	f.Fuzz(func(t *testing.T, line string) {
		e, err := Parse(line)
		if err != nil {
			return
		}
		if _, err := Parse(Format(e)); err != nil && e.Text != "" && len(e.Text) > 2 {
			t.Errorf("%q was read but %q is not: %v", line, Format(e), err)
		}
	})
}
