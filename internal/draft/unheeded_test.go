package draft

import (
	"strings"
	"testing"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// TestUnheededWishes: what a redraft did not follow is said, what it did is not.
func TestUnheededWishes(t *testing.T) {
	for _, c := range []struct {
		id, wish string
		told     []string // what is said not to be followed
	}{
		{"nl-mail-boiler", "te lang, korter graag", nil},
		{"nl-mail-boiler", "korter, en bied een tegoedbon aan", []string{"bied een tegoedbon aan"}},
		{"nl-late-review", "in de u-vorm graag", nil},
		{"nl-late-review", "leg uit dat de leverancier failliet is", []string{"leg uit dat de leverancier failliet is"}},
		{"en-late-review", "do not mention the sofa", nil},
		{"en-late-review", "mention that the warehouse burned down", []string{"mention that the warehouse burned down"}},
		{"nl-late-review", "Graag opnieuw", nil},
		{"nl-late-review", "schrijf het in het frans", []string{"schrijf het in het frans"}},
	} {
		req := named(t, c.id).request()
		d, err := New(t.Context(), Playbook{}, req.Case, brand.Sample(), Wish{Sign: "Noor", Instruction: c.wish, Now: req.Now})
		if err != nil {
			t.Errorf("%s, %q: %v", c.id, c.wish, err)
			continue
		}
		var told []string
		for _, f := range d.Findings {
			if f.Rule == WishRule {
				told = append(told, f.Message)
				if f.Severity != webcare.Warning {
					t.Errorf("%s, %q: severity %s", c.id, c.wish, f.Severity)
				}
			}
		}
		if len(told) != len(c.told) {
			t.Errorf("%s, %q: told %q, want %q", c.id, c.wish, told, c.told)
			continue
		}
		for i := range told {
			if !strings.Contains(told[i], c.told[i]) {
				t.Errorf("%s, %q: told %q, want %q", c.id, c.wish, told[i], c.told[i])
			}
		}
	}
}
