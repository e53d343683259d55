package insight_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

type postbox struct{ taken []webcare.Outgoing }

func (p *postbox) Class() webcare.PublishClass { return webcare.PublishClass{} }
func (p *postbox) Publish(_ context.Context, out webcare.Outgoing) (webcare.Receipt, error) {
	p.taken = append(p.taken, out)
	return webcare.Receipt{}, nil
}
func (p *postbox) Find(context.Context, webcare.Outgoing) (webcare.Receipt, bool, error) {
	return webcare.Receipt{}, false, nil
}

// complain stores a triaged complaint of something late and counts it.
func complain(t *testing.T, s webcare.Store, id, words string, at time.Time, signals ...webcare.Signal) {
	t.Helper()
	complainOf(t, s, id, webcare.Late, words, at, signals...)
}

func complainOf(t *testing.T, s webcare.Store, id string, of webcare.FrictionType, words string, at time.Time, signals ...webcare.Signal) {
	t.Helper()
	ch := webcare.Begin(webcare.NewCase(webcare.CaseID(id), "voorbeeld", "x"), at, webcare.Machine("test"))
	err := ch.Receive(webcare.Message{Key: webcare.Key{Channel: "x", ExternalID: id}, Author: webcare.Author{Name: "Sanne Bakker", Handle: "@" + id}, Text: words, ReceivedAt: at, PostedAt: at})
	if err == nil {
		err = ch.Triaged(webcare.Triage{Kind: webcare.KindComplaint, Language: "nl", Sentiment: webcare.Sentiment{Label: webcare.Negative}, Signals: signals,
			Frictions: []webcare.Friction{{Type: of, Evidence: []webcare.Span{{Text: words}}}}}, ch.Head().InboundSeq, at.Add(time.Hour))
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(t.Context(), ch); err != nil {
		t.Fatal(err)
	}
	c, err := s.Load(t.Context(), webcare.CaseID(id))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range c.Events {
		if err := s.Tallies.Add(t.Context(), e.ID, insight.Deltas(e)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDigest(t *testing.T) {
	b := *brand.Sample()
	owner := b.ProcessOwner(webcare.Late)
	b.ProcessOwners = map[string]string{owner: "eigenaar@voorbeeld.nl"}
	brands, err := brand.NewSet(&b)
	if err != nil {
		t.Fatal(err)
	}
	store, box := porttest.NewMemory().Store(), &postbox{}
	now := time.Date(2026, 11, 23, 5, 30, 0, 0, time.UTC) // Monday, 06:30 in Amsterdam
	wednesday := time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)
	complain(t, store, "a", "Mijn pakket is drie weken te laat, bel 06-12345678, groet Sanne Bakker", wednesday)
	complain(t, store, "b", "Alweer te laat bezorgd en niemand die iets laat weten", wednesday)
	complain(t, store, "c", "Ik zit in een rolstoel en sta al uren te wachten op de trein", wednesday, webcare.VulnerableCustomer)
	complain(t, store, "d", "Vorige week was het ook al te laat", wednesday.AddDate(0, 0, -7))
	d := insight.Digests{Store: store, Brands: brands, Mail: func(string) (webcare.Publisher, bool) { return box, true }, Now: func() time.Time { return now },
		Link: "https://desk.example/"}
	for _, tc := range []struct {
		at   time.Time
		want int
	}{{now, 0}, {now.Add(time.Hour), 1}, {now.Add(2 * time.Hour), 1}, {now.Add(48 * time.Hour), 1}} {
		now = tc.at
		if _, err := d.Send(t.Context(), "voorbeeld"); err != nil || len(box.taken) != tc.want {
			t.Fatalf("%s: %d mails, %v", now, len(box.taken), err)
		}
	}
	out := box.taken[0].Draft
	for _, want := range []string{owner, "te laat: 3 keer (week ervoor 1, +200%)", "Alweer te laat bezorgd", "drie weken te laat", "https://desk.example/insights", "16-11"} {
		if !strings.Contains(out.Subject+out.Text, want) {
			t.Errorf("lacks %q:\n%s\n%s", want, out.Subject, out.Text)
		}
	}
	for _, not := range []string{"06-12345678", "Sanne", "Bakker", "rolstoel", "Vorige week"} {
		if strings.Contains(out.Text, not) {
			t.Errorf("tells %q:\n%s", not, out.Text)
		}
	}
	if out.ReplyTo.Recipients[0] != "eigenaar@voorbeeld.nl" {
		t.Error(out.ReplyTo)
	}
	g, err := d.Make(t.Context(), &b, owner, insight.Period{From: time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if subject, text := g.Text("en", ""); !strings.Contains(subject, "What customers met") || !strings.Contains(text, "late: 3 times") {
		t.Errorf("%s\n%s", subject, text)
	}
}

func TestRedact(t *testing.T) {
	by := webcare.Author{Name: "Jan de Vries", Handle: "@jandv", Address: "jan@example.com"}
	for i, tc := range []struct {
		text string
		ok   bool
		not  string
	}{
		{"Mijn bestelling 4512389 is te laat, mail jan@example.com", true, "4512389"},
		{"JAN wacht al een week op antwoord van jullie", true, "JAN"},
		{"Door mijn kanker kan ik niet lang wachten aan de telefoon", false, "kanker"},
		{"te laat", false, ""},
		{strings.Repeat("nog steeds niets gehoord ", 30), true, ""},
	} {
		got, ok := insight.Redact(tc.text, by, nil)
		if ok != tc.ok || tc.not != "" && strings.Contains(got, tc.not) || len([]rune(got)) > 170 {
			t.Error(fmt.Sprint(i, ": "), got, ok)
		}
	}
}

// TestEverySampleOwnerIsMailed: whoever the sample's playbook names has an
// address, so that digests go out as it stands, in Dutch and in English.
func TestEverySampleOwnerIsMailed(t *testing.T) {
	b := brand.Sample()
	brands, err := brand.NewSet(b)
	if err != nil {
		t.Fatal(err)
	}
	store, box := porttest.NewMemory().Store(), &postbox{}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	wednesday := time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)
	complain(t, store, "a", "Alweer te laat bezorgd en niemand die iets laat weten", wednesday)
	complainOf(t, store, "b", webcare.SelfServiceFailure, "Inloggen in de app lukt al een week niet meer", wednesday)
	d := insight.Digests{Store: store, Brands: brands, Mail: func(string) (webcare.Publisher, bool) { return box, true }, Now: func() time.Time { return now }}
	if n, err := d.Send(t.Context(), b.ID); err != nil || n != 2 {
		t.Fatalf("%d mails: %v", n, err)
	}
	langs := map[string]string{}
	for _, out := range box.taken {
		if strings.Contains(out.Draft.ReplyTo.Recipients[0], " ") {
			t.Errorf("the address %q", out.Draft.ReplyTo.Recipients[0])
		}
		langs[out.Draft.Language] = out.Draft.Text
	}
	if !strings.Contains(langs["nl"], "te laat: 1 keer") || !strings.Contains(langs["en"], "self service failure: 1 times") {
		t.Errorf("%v", langs)
	}
	for _, owner := range insight.Owners(b) {
		if b.ProcessOwners[owner] == "" {
			t.Errorf("%s has no address", owner)
		}
	}
	for owner := range b.ProcessOwners {
		if !slices.Contains(insight.Owners(b), owner) {
			t.Errorf("%s owns no friction", owner)
		}
	}
}
