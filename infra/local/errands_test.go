package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/draft"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// errands does once what does not come at every run, so that the grants which
// only rare paths use are used: bodies in the bucket, brand files, secrets, a
// customer who writes again over an approval, desks and owners by mail, late
// tasks, retention, orphans, and the console by token.
func errands(t *testing.T) {
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // the offline engines stand in
		http.Error(w, `{"error":{"message":"not today"}}`, http.StatusBadRequest)
	}))
	defer model.Close()
	feeding, stopFeeding := context.WithCancel(t.Context())
	defer stopFeeding()
	s := still(t, func(s *stack) {
		for _, name := range []string{"mail", "llm", "oidc", "channels/mastodon"} {
			if err := s.secret(t.Context(), "/"+s.name+"/"+name, "geheim"); err != nil {
				t.Fatal(err)
			}
		}
		file := strings.ReplaceAll(string(brand.SampleFile()), "env:WEBCARE_MASTODON_TOKEN", "ssm:/"+s.name+"/channels/mastodon")
		if err := s.store.PutFile(t.Context(), "brands/voorbeeld.yaml", strings.NewReader(file)); err != nil {
			t.Fatal(err)
		}
		for _, f := range s.functions {
			f.env = append(f.env, "WEBCARE_BRANDS=brands/voorbeeld.yaml", "WEBCARE_MAIL_SECRET=/"+s.name+"/mail", "WEBCARE_LLM_BASE_URL="+model.URL,
				"WEBCARE_LLM_SECRET=/"+s.name+"/llm", "WEBCARE_OIDC_SECRET=/"+s.name+"/oidc")
		}
	})
	var wg sync.WaitGroup
	wg.Go(func() { s.run(feeding) })
	defer wg.Wait()
	defer stopFeeding()

	s.owners(t)
	id := s.longMails(t)
	s.pushes(t)
	s.byToken(t, id)
	if err := s.call(t.Context(), "receive-posts", map[string]any{}, nil); err != nil {
		t.Error(err)
	}
	stopFeeding()
	wg.Wait()
	s.deskMail(t)
	s.late(t)
	s.night(t)
	s.functions["archive"].timeout = 15 * time.Minute // as in the template
	if err := s.call(t.Context(), "archive", map[string]string{"write": "archive/out"}, nil); err != nil {
		t.Error(err)
	}
}

// still is a stack that nothing feeds.
func still(t *testing.T, change func(*stack)) *stack {
	t.Helper()
	return prepare(t, change, false)
}

// owners: a webhook that is gone is reported to its owner by mail.
func (s *stack) owners(t *testing.T) {
	t.Helper()
	gone := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusGone)
	}))
	t.Cleanup(gone.Close)
	subs := &webhook.Subscriptions{Records: s.store.Ports().Records, Egress: webhook.Egress{AllowLoopback: true}, Now: time.Now, Random: rand.Reader}
	_, err := subs.Create(t.Context(), webhook.Subscription{Name: "gone", URL: gone.URL, Owner: "eigenaar@voorbeeld.nl", Language: "nl",
		Events: []webcare.EventType{webcare.CaseReceived, webcare.CaseTriaged}, Texts: true}, "test", hookSecret)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := subs.Create(t.Context(), webhook.Subscription{Name: "clocks", URL: gone.URL, Language: "nl", Events: []webcare.EventType{webhook.DueSoon}}, "test", hookSecret); err != nil {
		t.Fatal(err)
	}
}

// wordy is a complaint too long for the table.
var wordy = strings.Repeat("Mijn pakket is nog steeds niet bezorgd en niemand belt mij terug. Ik heb drie keer gebeld en telkens zeiden ze iets anders. ", 120)

// longMails: a long mail, approved; another over the approval; an answer.
func (s *stack) longMails(t *testing.T) webcare.CaseID {
	t.Helper()
	tag := strings.ToLower(rand.Text())
	mail := func(n int, more string) []byte {
		return bytes.Replace(mailText(1, tag+fmt.Sprint("-", n)), []byte("\r\nContent-Type"), []byte("\r\n"+more+"Content-Type"), 1)
	}
	first := append(mail(1, ""), wordy...)
	if err := s.put(t.Context(), tag+"-a", first); err != nil {
		t.Fatal(err)
	}
	one := func(st webcare.Status) func() (webcare.Head, bool) {
		return func() (webcare.Head, bool) {
			for _, h := range s.heads(t, st) {
				if h.Channel == "email" {
					return h, true
				}
			}
			return webcare.Head{}, false
		}
	}
	h := await(t, "a draft", one(webcare.StatusInReview))
	s.approveFor(t, h, time.Hour)
	if err := s.put(t.Context(), tag+"-b", mail(2, fmt.Sprintf("In-Reply-To: <%s-1-1@example.com>\r\n", tag))); err != nil {
		t.Fatal(err)
	}
	again := await(t, "a draft for both mails", func() (webcare.Head, bool) {
		g, ok := one(webcare.StatusInReview)()
		return g, ok && g.InboundSeq > h.InboundSeq
	})
	s.approveFor(t, again, time.Second)
	return await(t, "an answer", func() (webcare.Head, bool) {
		if g, ok := one(webcare.StatusAnswered)(); ok {
			return g, true
		}
		return one(webcare.StatusWaiting)()
	}).ID
}

// pushes: a long push, approved, and another over the approval.
func (s *stack) pushes(t *testing.T) {
	t.Helper()
	push := func(n int) {
		body, err := json.Marshal(map[string]any{"id": fmt.Sprint("push-", n), "channel": "forum", "thread": "draad", "author": map[string]string{"name": "Sanne", "handle": "sanne"}, "text": fmt.Sprint(n, ". ", wordy)})
		if err != nil {
			t.Fatal(err)
		}
		secret, err := webhook.ParseSecret(hookSecret)
		if err != nil {
			t.Fatal(err)
		}
		header, err := secret.Sign(fmt.Sprint("push-", n), time.Now(), body)
		if err != nil {
			t.Fatal(err)
		}
		if code, answer := s.ask(t, "receive-hooks", http.MethodPost, "/hooks/messages", header, body); code != http.StatusAccepted {
			t.Fatalf("a push is answered %d: %s", code, answer)
		}
	}
	inReview := func(after int64) webcare.Head {
		return await(t, "a draft", func() (webcare.Head, bool) {
			for _, h := range s.heads(t, webcare.StatusInReview) {
				if h.Channel == "forum" && h.InboundSeq > after {
					return h, true
				}
			}
			return webcare.Head{}, false
		})
	}
	push(1)
	h := inReview(0)
	s.approveFor(t, h, time.Hour)
	push(2)
	inReview(h.InboundSeq)
}

// byToken is the console as an integration uses it.
func (s *stack) byToken(t *testing.T, id webcare.CaseID) {
	t.Helper()
	_, token, err := console.MakeToken(t.Context(), webcare.Store{Ports: s.store.Ports()}, console.Token{Name: "test", Role: console.RoleIntegration, Scopes: console.Scopes()}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}
	entered, err := json.Marshal(map[string]any{"channel": "telephone", "text": wordy, "author": map[string]string{"name": "Kim", "handle": "kim"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		method, path string
		body         []byte
		code         int
	}{
		{http.MethodGet, "/api/v1/cases", nil, http.StatusOK},
		{http.MethodGet, "/api/v1/cases?assignee=noor", nil, http.StatusOK},
		{http.MethodGet, "/api/v1/cases/" + string(id), nil, http.StatusOK},
		{http.MethodPost, "/api/v1/cases", entered, http.StatusCreated},
	} {
		if code, answer := s.ask(t, "console", x.method, x.path, header, x.body); code != x.code {
			t.Errorf("%s %s is answered %d: %s", x.method, x.path, code, answer)
		}
	}
}

// deskMail: a work order for a desk with an address is told by mail.
func (s *stack) deskMail(t *testing.T) {
	t.Helper()
	store, now := webcare.Store{Ports: s.store.Ports()}, time.Now()
	id := webcare.CaseID(webcare.NewID(now, rand.Reader))
	ch := webcare.Begin(webcare.NewCase(id, brand.Sample().ID, "forum"), now, webcare.Machine("test"))
	steps := []func(ch *webcare.Change) error{
		func(ch *webcare.Change) error {
			return ch.Receive(webcare.Message{ID: "order", Key: webcare.Key{Channel: "forum", ExternalID: "order"}, Brand: brand.Sample().ID, Thread: "order",
				Author: webcare.Author{Name: "Kim"}, Text: "Waar blijft mijn geld?", ReceivedAt: now})
		},
		func(ch *webcare.Change) error {
			return ch.Triaged(webcare.Triage{Kind: webcare.KindComplaint, Complaint: true, Language: "nl", Urgency: webcare.Normal, Engine: "test/1",
				Sentiment: webcare.Sentiment{Label: webcare.Negative}}, ch.Head().InboundSeq, now.Add(time.Hour))
		},
		func(ch *webcare.Change) error {
			return ch.WriteDraft(ch.Head().Version, webcare.Draft{Text: "Excuses.", Promises: []webcare.Promised{{What: "terugbetaling", Owner: "Betalingen",
				Due: now.Add(96 * time.Hour), Desk: "press", Instruction: "Betaal € 25 terug"}}})
		},
		func(ch *webcare.Change) error {
			return ch.Approve(webcare.Consent{Version: ch.Head().Version, Hash: ch.Head().DraftHash, Assisted: true})
		},
		func(ch *webcare.Change) error {
			return ch.PostedByHand(ch.Head().DraftHash, "https://example.com/1")
		},
	}
	who := webcare.Actor{ID: "noor", Name: "Noor", Person: true, Authority: webcare.Lead}
	for i, step := range steps {
		if i > 0 {
			c, err := store.Load(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			ch = webcare.Begin(c, now, who)
		}
		if err := step(ch); err != nil {
			t.Fatal(i, err)
		}
		if _, err := store.Commit(t.Context(), ch); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := s.call(t.Context(), "followup", map[string]any{}, nil); err != nil {
		t.Error(err)
	}
	c, err := store.Load(t.Context(), id)
	if err != nil || len(c.WorkOrders) != 1 || c.WorkOrders[0].Told == 0 {
		t.Errorf("the desk was not told of its work order: %+v, %v", c.WorkOrders, err)
	}
}

// late: a task that nobody was told of is rung for.
func (s *stack) late(t *testing.T) {
	t.Helper()
	lost := webcare.Task{ID: "lost", Stage: webcare.StageNotify, CaseID: "none", RunAt: time.Now().Add(-10 * time.Minute)}
	if err := s.store.Put(t.Context(), lost); err != nil {
		t.Fatal(err)
	}
	if err := s.call(t.Context(), "followup", map[string]any{}, nil); err != nil {
		t.Error(err)
	}
}

// night: what is kept no longer is erased, and a digest's hour passes.
func (s *stack) night(t *testing.T) {
	t.Helper()
	store, old := webcare.Store{Ports: s.store.Ports()}, time.Now().AddDate(-5, 0, 0)
	id := webcare.CaseID(webcare.NewID(old, rand.Reader))
	ch := webcare.Begin(webcare.NewCase(id, brand.Sample().ID, "forum"), old, webcare.Actor{ID: "noor", Name: "Noor", Person: true, Authority: webcare.Lead})
	if err := ch.Receive(webcare.Message{ID: "old", Key: webcare.Key{Channel: "forum", ExternalID: "old"}, Brand: brand.Sample().ID, Thread: "old",
		Author: webcare.Author{Name: "Kim"}, Text: wordy, ReceivedAt: old}); err != nil {
		t.Fatal(err)
	}
	if err := ch.Ignore("niets te antwoorden"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Commit(t.Context(), ch); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Index(t.Context(), webcare.Document{Brand: brand.Sample().ID, Case: id, Set: "case", Terms: map[string]int{"pakket": 1}, Size: 1}); err != nil {
		t.Fatal(err)
	}
	for _, round := range []string{"hourly", "nightly"} {
		if err := s.call(t.Context(), "followup", map[string]string{"round": round}, nil); err != nil {
			t.Error(round, err)
		}
	}
	if c, err := store.Load(t.Context(), id); err != nil || c.Head.ErasedAt.IsZero() || c.Messages[0].Value.Text != "" {
		t.Errorf("the night left an old case as it was: %v", err)
	}
}

// approveFor approves with a time in which it can be taken back.
func (s *stack) approveFor(t *testing.T, h webcare.Head, undo time.Duration) {
	t.Helper()
	brands, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	store := webcare.Store{Ports: s.store.Ports()}
	desk := &review.Desk{Store: store, Brands: brands, Resolve: draft.Resolver(draft.Playbook{}), Now: time.Now, Undo: undo,
		Assisted: func(string, string) bool { return false }}
	c, err := store.Load(t.Context(), h.ID)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := c.CurrentDraft()
	a := review.Approval{Version: h.Version, Hash: h.DraftHash}
	for _, f := range d.Findings {
		a.Overrides = append(a.Overrides, f.Rule)
	}
	if d.Resolution != nil {
		a.Ticked = d.Resolution.Checks
	}
	who := webcare.Actor{ID: "noor", Name: "Noor", Person: true, Authority: webcare.Lead}
	if _, err := desk.Approve(t.Context(), h.ID, who, a); err != nil {
		t.Fatalf("approving %s: %v", h.ID, err)
	}
}
