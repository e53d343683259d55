package brand

import (
	"bytes"
	"errors"
	"testing"

	"webcare.example/responder/internal/webcare"
)

func TestAllowsURL(t *testing.T) {
	for link, want := range map[string]bool{
		"https://voorbeeld.nl/dm/x":              true,
		"voorbeeld.nl":                           true,
		"https://mijn.voorbeeld.nl/a?b=c":        true,
		"https://VOORBEELD.nl/":                  true,
		"https://m.me/voorbeeld":                 true,
		"https://m.me/voorbeeld/x":               true,
		"https://m.me/voorbeeld-nep":             false,
		"https://m.me/voorbeeld/../ander":        false,
		"https://m.me/":                          false,
		"https://nepvoorbeeld.nl":                false,
		"https://voorbeeld.nl.evil.example.net":  false,
		"https://voorbeeld.nl@evil.example.net/": false,
		"javascript:alert(1)":                    false,
		"ftp://voorbeeld.nl/x":                   false,
	} {
		if got := Sample().AllowsURL(link); got != want {
			t.Errorf("AllowsURL(%q) = %v, want %v", link, got, want)
		}
	}
}

func TestAddress(t *testing.T) {
	const text = "[Je|U] hoeft niets te doen. Dan hoor[|t] [je|u] het. [los] [open"
	if got, want := Address(text, Je), "Je hoeft niets te doen. Dan hoor je het. [los] [open"; got != want {
		t.Errorf("je: %q, want %q", got, want)
	}
	if got, want := Address(text, U), "U hoeft niets te doen. Dan hoort u het. [los] [open"; got != want {
		t.Errorf("u: %q, want %q", got, want)
	}
}

func TestFillReportsWhatIsMissing(t *testing.T) {
	got, missing := Fill("a {b} c {d}", map[string]string{"b": "1"})
	if got != "a 1 c " || missing != "d" {
		t.Errorf("Fill = %q, missing %q", got, missing)
	}
}

func TestAuthorityFor(t *testing.T) {
	for cents, want := range map[int64]webcare.Authority{0: webcare.Agent, 5000: webcare.Agent, 5001: webcare.Senior, 25000: webcare.Senior, 25001: webcare.Lead} {
		if got := Sample().AuthorityFor(cents); got != want {
			t.Errorf("AuthorityFor(%d) = %s, want %s", cents, got, want)
		}
	}
}

func TestSign(t *testing.T) {
	for _, c := range []struct{ name, lang, kind, want string }{
		{"Noor", "nl", "x", "^NO"},
		{"Noor de Vries", "nl", "bluesky", "^NV"},
		{"Noor", "nl", "facebook", "Groet, Noor"},
		{"Noor", "en", "email", "Kind regards,\nNoor\nVoorbeeld"},
	} {
		if got, err := Sample().Sign(c.name, c.lang, c.kind); err != nil || got != c.want {
			t.Errorf("Sign(%q, %s, %s) = %q, %v, want %q", c.name, c.lang, c.kind, got, err, c.want)
		}
	}
	if _, err := Sample().Sign(" ", "nl", "x"); !errors.Is(err, webcare.ErrInvalid) {
		t.Errorf("Sign without a name: %v, want an error of kind invalid", err)
	}
}

func TestFits(t *testing.T) {
	yes := true
	r := Resolution{Params: []string{"amount"}, When: When{Repeat: &yes, Things: []string{"goods"}, UpToCents: 5000}}
	fits := Situation{Repeat: true, Things: []string{"goods", "money"}, Params: map[string]bool{"amount": true}, Cents: 5000}
	if !r.Fits(fits) {
		t.Error("does not fit what it is meant for")
	}
	for name, change := range map[string]func(*Situation){
		"first contact":  func(s *Situation) { s.Repeat = false },
		"another thing":  func(s *Situation) { s.Things = []string{"visit"} },
		"amount unknown": func(s *Situation) { s.Params = nil },
		"too dear":       func(s *Situation) { s.Cents = 5001 },
	} {
		s := fits
		change(&s)
		if r.Fits(s) {
			t.Errorf("%s: fits", name)
		}
	}
}

func TestRoutes(t *testing.T) {
	routes := Sample().RoutesFor([]webcare.Signal{webcare.LegalThreat, webcare.Press})
	if len(routes) != 2 || !routes[0].NoDraft() || routes[0].Desk != "press" || routes[1].NoDraft() || routes[1].Authority != webcare.Lead {
		t.Errorf("RoutesFor = %+v", routes)
	}
}

func BenchmarkLoadSample(b *testing.B) {
	for b.Loop() {
		if _, err := Load(bytesReader(), "f"); err != nil {
			b.Fatal(err)
		}
	}
}

func bytesReader() *bytes.Reader { return bytes.NewReader(sampleFile) }
