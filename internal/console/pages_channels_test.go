package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/webcare"
)

// TestChannelsPage: every channel of one's brands, ill ones first, with what is
// wrong and what to do, in the reader's language; nothing of other brands.
func TestChannelsPage(t *testing.T) {
	var d *desk
	d = newDesk(t, func(c *console.Config) {
		c.Channels.Health = func(context.Context) ([]channel.Health, error) {
			return []channel.Health{
				{Brand: "voorbeeld", Channel: "bluesky", State: channel.StateOK, LastSuccess: d.now.Add(-20 * time.Second), LastPost: d.now.Add(-3 * time.Hour), LagSeconds: 75, Taken: 41},
				{Brand: "voorbeeld", Channel: "feed", State: channel.StateNotConnected, Error: "not connected: replies are posted by hand", Todo: "set env:WEBCARE_X; add channels.feed.settings.feeds to the brand file"},
				{Brand: "voorbeeld", Channel: "mastodon", State: channel.StateFailing, Failures: 3, LastSuccess: d.now.Add(-2 * time.Hour), NextAt: d.now.Add(time.Minute),
					Error: "Mastodon: the token has expired or was withdrawn", Todo: "make a new access token on the instance (Preferences > Development) and set it where the brand file says"},
				{Brand: "ander", Channel: "geheim-kanaal", State: channel.StateOK},
			}, nil
		}
	})
	d.as = console.User{Actor: webcare.Actor{ID: "noor", Name: "Noor", Authority: webcare.Agent, Person: true}, Role: console.RoleAgent, Roles: map[string]console.Role{"voorbeeld": console.RoleAgent}}
	code, body, _ := d.get(http.MethodGet, "/channels", nil)
	if code != http.StatusOK {
		t.Fatalf("%d %s", code, body)
	}
	for _, want := range []string{"het token is verlopen of ingetrokken", "maak een nieuw token op de server", "hapert", "3×", "niet gekoppeld", "stel env:WEBCARE_X in", "zet channels.feed.settings.feeds in het merkbestand", "opgepikt: 41", "1 min"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in %s", want, body)
		}
	}
	if strings.Contains(body, "geheim-kanaal") {
		t.Error("another brand's channel is shown")
	}
	if strings.Index(body, "mastodon") > strings.Index(body, "bluesky") {
		t.Error("the ill channel does not stand first")
	}
}

// hider hides posts, and keeps which.
type hider struct {
	webcare.Publisher
	hidden map[string]bool
}

func (h hider) Hide(_ context.Context, id string, hidden bool) error {
	h.hidden[id] = hidden
	return nil
}

// TestHide: who decides on cases hides a customer's post where its platform
// can, and the case says who did; others may not, and elsewhere it is refused.
func TestHide(t *testing.T) {
	h := hider{hidden: map[string]bool{}}
	d := newDesk(t, func(c *console.Config) {
		c.Channels.Publisher = func(_, name string) (webcare.Publisher, bool) { return h, name == "mastodon" }
	})
	d.inReview("case1", "mastodon", webcare.Agent, nil)
	w := d.send(http.MethodPost, "/api/v1/cases/case1/hide", `{"hidden":true}`, http.Header{"Content-Type": {"application/json"}})
	if w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	c, err := d.store.Load(t.Context(), "case1")
	must(t, err)
	m, _ := c.LatestInbound()
	if !h.hidden[m.Key.ExternalID] || len(c.Notes) != 1 || !strings.Contains(c.Notes[0].Value.Text, "hid the post") {
		t.Errorf("%v, %+v", h.hidden, c.Notes)
	}
	if _, body, _ := d.get(http.MethodGet, "/cases/case1", nil); !strings.Contains(body, "Toon weer op het kanaal") {
		t.Error("the page does not offer to show the post again")
	}
	if code, _, head := d.get(http.MethodPost, "/cases/case1/hide", url.Values{"step": {"show"}}); code != http.StatusSeeOther || !strings.HasPrefix(head.Get("Location"), "/cases/case1") || h.hidden[m.Key.ExternalID] {
		t.Errorf("%d %s, hidden %v", code, head.Get("Location"), h.hidden)
	}
	if _, body, _ := d.get(http.MethodGet, "/cases/case1", nil); !strings.Contains(body, "Verberg op het kanaal") {
		t.Error("the page does not offer to hide the post")
	}
	d.inReview("case2", "x", webcare.Agent, nil)
	if _, body, _ := d.get(http.MethodGet, "/cases/case2", nil); strings.Contains(body, "op het kanaal") {
		t.Error("the page offers to hide what cannot be hidden")
	}
	h.hidden[m.Key.ExternalID] = true
	d.as.Role, d.as.Authority = console.RoleMarketing, webcare.NoAuthority
	if w := d.send(http.MethodPost, "/api/v1/cases/case1/hide", `{"hidden":false}`, http.Header{"Content-Type": {"application/json"}}); w.Code != http.StatusForbidden || !h.hidden[m.Key.ExternalID] {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestPrivateUntil: until when the private half can be posted stands on the
// case, and once that is over an approval of it is refused in words.
func TestPrivateUntil(t *testing.T) {
	d := newDesk(t)
	ch := webcare.Begin(webcare.NewCase("case1", "voorbeeld", "facebook"), d.now, webcare.Machine("test"))
	must(t, ch.Receive(webcare.Message{ID: "m1", Key: webcare.Key{Channel: "facebook", ExternalID: "m1"}, Author: webcare.Author{Name: "Kim"}, Text: "Mijn kast is drie weken te laat.",
		Visibility: webcare.Public, PostedAt: d.now.Add(-6 * 24 * time.Hour), ReceivedAt: d.now}))
	in := ch.Head().InboundSeq
	must(t, ch.Triaged(webcare.Triage{Kind: webcare.KindComplaint, Complaint: true, Language: "nl", Urgency: webcare.Normal, Frictions: []webcare.Friction{{Type: webcare.Late}}}, in, d.now.Add(time.Hour)))
	must(t, ch.RecordDraft(webcare.Draft{Text: "Het spijt me dat je kast drie weken te laat is, Kim. Groet, Iris", PrivateText: "Wil je me je klantnummer sturen? Groet, Iris", Language: "nl",
		Visibility: webcare.Public, InboundSeq: in, Authority: webcare.Agent, SignedBy: "Iris", Engine: "test"}))
	h, err := d.store.Commit(t.Context(), ch)
	must(t, err)
	if _, body, _ := d.get(http.MethodGet, "/cases/case1", nil); !strings.Contains(body, "Privé antwoorden kan hier tot di 24 nov 11:00") {
		t.Error("the page does not say until when")
	}
	d.now = d.now.Add(25 * time.Hour)
	code, answer := d.do(http.MethodPost, "/api/v1/cases/case1/approve", map[string]any{"version": h.Version, "draft_hash": h.DraftHash,
		"overrides": []string{"1-not-specific", "2-no-apology", "3-no-action", "8-unsigned"}}, nil)
	if said := fmt.Sprint(answer); code != http.StatusUnprocessableEntity || !strings.Contains(said, "seven days, which were over on 24 November 10:00 UTC") {
		t.Errorf("%d %s", code, said)
	}
}
