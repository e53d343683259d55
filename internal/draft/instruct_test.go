package draft

import (
	"context"
	"strings"
	"testing"
)

func TestRedraftObeys(t *testing.T) {
	for _, c := range []struct {
		id, wish       string
		without, holds []string
		shorter        bool
	}{
		{id: "nl-mail-boiler", wish: "te lang, korter graag", shorter: true},
		{id: "en-mail-broadband", wish: "much shorter please", shorter: true},
		{id: "nl-window-x", wish: "noem de koelkast niet", without: []string{"koelkast"}},
		{id: "nl-imposed-x", wish: "laat 3 december weg", without: []string{"december"}},
		{id: "nl-mail-boiler", wish: "geen excuses voor de wachttijd", without: []string{"gewacht", "aan de lijn hebt"}},
		{id: "nl-late-review", wish: "Graag in de u-vorm", without: []string{" je ", "jouw"}, holds: []string{" u "}},
		{id: "en-promise-facebook", wish: "leave out Tuesday", without: []string{"Tuesday"}},
		{id: "nl-late-review", wish: "zonder naam, geen aanhef", without: []string{"Kuipers"}},
		{id: "nl-mail-boiler", wish: "niet bellen, hij wil het schriftelijk", without: []string{"belt je", "bel je"}, holds: []string{"mailt je"}},
		{id: "nl-late-review", wish: "geen excuses, dit is niet onze fout", without: []string{"orry", "spijt", "excuses"}},
		{id: "en-late-review", wish: "do not mention the sofa", without: []string{"sofa"}},
	} {
		l := named(t, c.id)
		before, err := (Playbook{}).Draft(context.Background(), l.request())
		if err != nil {
			t.Fatal(err)
		}
		req := l.request()
		req.Instruction = c.wish
		after, err := (Playbook{}).Draft(context.Background(), req)
		if err != nil {
			t.Errorf("%s, %q: %v", c.id, c.wish, err)
			continue
		}
		whole := after.Text + "\n" + after.PrivateText
		if after.Text == before.Text || after.Instruction != c.wish {
			t.Errorf("%s, %q: the draft is the one before", c.id, c.wish)
		}
		for _, w := range c.without {
			if strings.Contains(whole, w) {
				t.Errorf("%s, %q: still says %q:\n%s", c.id, c.wish, w, whole)
			}
		}
		for _, w := range c.holds {
			if !strings.Contains(whole, w) {
				t.Errorf("%s, %q: does not say %q:\n%s", c.id, c.wish, w, whole)
			}
		}
		if c.shorter && len(after.Text)*10 > len(before.Text)*7 {
			t.Errorf("%s, %q: %d signs, was %d:\n%s", c.id, c.wish, len(after.Text), len(before.Text), after.Text)
		}
	}
}
