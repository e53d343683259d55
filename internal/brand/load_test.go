package brand

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"webcare.example/responder/internal/webcare"
)

func TestLoadNamesLineAndField(t *testing.T) {
	data, err := os.ReadFile("../../testdata/brand/wrong.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for row := range bytes.Lines(data) {
		var c struct {
			Name, Old, New string
			Errors         []struct{ On, Says string }
		}
		if err := json.Unmarshal(row, &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.Name, func(t *testing.T) {
			text := strings.Replace(string(sampleFile), c.Old, c.New, 1)
			if text == string(sampleFile) {
				t.Fatalf("%q does not stand in the sample", c.Old)
			}
			_, err := Load(strings.NewReader(text), "merk.yaml")
			if !errors.Is(err, webcare.ErrInvalid) {
				t.Fatalf("Load: %v, want an error of kind invalid", err)
			}
			for _, want := range c.Errors {
				before, _, _ := strings.Cut(text, want.On)
				line := fmt.Sprintf("merk.yaml:%d: ", 1+strings.Count(before, "\n"))
				if !hasLine(err.Error(), line, want.Says) {
					t.Errorf("error does not say %s%s:\n%v", line, want.Says, err)
				}
			}
		})
	}
}

func hasLine(all, begins, says string) bool {
	for l := range strings.Lines(all) {
		if strings.HasPrefix(strings.TrimPrefix(l, "invalid: "), begins) && strings.Contains(l, says) {
			return true
		}
	}
	return false
}

func TestLoadReportsAllMistakesAtOnce(t *testing.T) {
	text := strings.Replace(string(sampleFile), "id: voorbeeld", "id: Voorbeeld B.V.\nkleur: rood", 1)
	text = strings.Replace(text, "country: nl", "country: [nl]", 1)
	_, err := Load(strings.NewReader(text), "merk.yaml")
	for _, want := range []string{"kleur: unknown key", "country: must be a single value"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load: %v, want also %q", err, want)
		}
	}
	text = strings.Replace(string(sampleFile), "id: voorbeeld", "id: Voorbeeld B.V.", 1)
	text = strings.Replace(text, "name: Voorbeeld", "name: ''", 1)
	_, err = Load(strings.NewReader(text), "merk.yaml")
	if err == nil || strings.Count(err.Error(), "merk.yaml:") != 2 {
		t.Errorf("Load: %v, want two mistakes", err)
	}
}

func TestSampleSpeaksForEveryFriction(t *testing.T) {
	b := Sample()
	for _, key := range PlaybookKeys() {
		for _, r := range b.Resolutions(key) {
			if got, under, ok := b.Resolution(r.ID); !ok || got.ID != r.ID || under != key {
				t.Errorf("Resolution(%q) = %q under %q, %v", r.ID, got.ID, under, ok)
			}
			for _, lang := range b.Languages {
				text := r.Texts[lang]
				for _, v := range append(Variants(text.Full), Variants(text.Short)...) {
					if !strings.HasSuffix(v, ".") {
						t.Errorf("%s %s: not a whole sentence: %q", r.ID, lang, v)
					}
				}
				for _, v := range Variants(text.Short) {
					if n := len([]rune(Address(v, U))); n > 115 {
						t.Errorf("%s %s: short text has %d characters: %q", r.ID, lang, n, v)
					}
				}
			}
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(sampleFile[:2000])
	f.Add([]byte("id: a\nplaybook: {late: {resolutions: [{promise: {term: 2 days}}]}}\n"))
	f.Add([]byte("a: &x [*x]\n<<: *x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Load(bytes.NewReader(data), "f")
		if (b == nil) == (err == nil) {
			t.Fatalf("Load = %v, %v: exactly one must be nil", b, err)
		}
	})
}
