package review_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
)

const caseID = webcare.CaseID("case1")

var (
	agent  = webcare.Actor{ID: "iris", Name: "Iris", Authority: webcare.Agent, Person: true}
	senior = webcare.Actor{ID: "sem", Name: "Sem", Authority: webcare.Senior, Person: true}
	token  = webcare.Actor{ID: "token/1", Name: "Robot", Authority: webcare.Lead}
)

// office is a desk with one case before it.
type office struct {
	*review.Desk
	t   *testing.T
	now time.Time
}

// open puts a case with the given draft before a desk.
func open(t *testing.T, d webcare.Draft) *office {
	t.Helper()
	brands, err := brand.NewSet(brand.Sample())
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, now: porttest.Start}
	o.Desk = &review.Desk{Store: porttest.NewMemory().Store(), Brands: brands, Undo: 30 * time.Second, Now: func() time.Time { return o.now },
		Assisted: func(_, _ string) bool { return false },
		Resolve: func(_ *brand.Brand, _ *webcare.Case, id string, now time.Time) (*webcare.Resolution, []webcare.Promised, error) {
			switch id {
			case "dear":
				return &webcare.Resolution{ID: id, CostCents: 20_000}, []webcare.Promised{{What: "terugbetalen", Owner: "Iris", Due: now.Add(72 * time.Hour)}}, nil
			case "checked":
				return &webcare.Resolution{ID: id, Checks: []string{"order gezien", "bedrag klopt"}}, nil, nil
			}
			return nil, nil, webcare.Invalidf("resolution: the playbook has no %q", id)
		}}
	o.receive("1", "Ik wacht al drie weken op mijn laptop en niemand belt terug.")
	o.step(webcare.Machine("triage"), func(ch *webcare.Change) error {
		return ch.Triaged(webcare.Triage{Language: "nl", Kind: webcare.KindComplaint, Complaint: true, Urgency: webcare.Normal}, ch.Head().InboundSeq, o.now.Add(time.Hour))
	})
	o.step(webcare.Machine("draft"), func(ch *webcare.Change) error {
		d.InboundSeq, d.Language, d.Visibility = ch.Head().InboundSeq, "nl", webcare.Public
		return ch.RecordDraft(d)
	})
	return o
}

const text = "Excuses, Sanne, dat je al drie weken op je laptop wacht. Ik zoek uit waar hij is en laat het je vandaag weten. ^Iris"

func plain() webcare.Draft { return webcare.Draft{Text: text, Engine: "playbook/1", SignedBy: "Iris"} }

func (o *office) load() *webcare.Case {
	o.t.Helper()
	c, err := o.Store.Load(o.t.Context(), caseID)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func (o *office) step(by webcare.Actor, do func(*webcare.Change) error) {
	o.t.Helper()
	o.change(webcare.Begin(o.load(), o.now, by), do)
}

func (o *office) change(ch *webcare.Change, do func(*webcare.Change) error) {
	o.t.Helper()
	if err := do(ch); err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.Store.Commit(o.t.Context(), ch); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) receive(id, words string) {
	o.t.Helper()
	c := webcare.NewCase(caseID, brand.Sample().ID, "mastodon")
	if id != "1" {
		c = o.load()
	}
	o.change(webcare.Begin(c, o.now, webcare.Machine("receive")), func(ch *webcare.Change) error {
		return ch.Receive(webcare.Message{Key: webcare.Key{Channel: "mastodon", ExternalID: id}, Brand: c.Head.Brand, Text: words, Visibility: webcare.Public,
			Author: webcare.Author{Name: "Sanne", Handle: "@sanne"}, PostedAt: o.now, ReceivedAt: o.now})
	})
}

// seen is an approval of the draft as it stands.
func (o *office) seen() review.Approval {
	h := o.load().Head
	ids, _ := guard.Rules()
	return review.Approval{Version: h.Version, Hash: h.DraftHash, Overrides: ids}
}

func (o *office) approve(by webcare.Actor, change func(*review.Approval)) (*webcare.Case, error) {
	a := o.seen()
	if change != nil {
		change(&a)
	}
	return o.Approve(o.t.Context(), caseID, by, a)
}

func ptr(s string) *string { return &s }

func TestApprove(t *testing.T) {
	o := open(t, plain())
	c, err := o.approve(agent, nil)
	if err != nil {
		t.Fatal(err)
	}
	a := c.Head.Approval
	if c.Head.Status != webcare.StatusApproved || a.Hash != c.Drafts[0].Value.Hash || !a.PublishAt.Equal(o.now.Add(30*time.Second)) || a.By.ID != "iris" {
		t.Fatalf("%s, %+v", c.Head.Status, a)
	}
	if c, err = o.UndoApproval(t.Context(), caseID, senior); err != nil || c.Head.Status != webcare.StatusInReview || c.Head.DraftHash != a.Hash {
		t.Fatalf("undo: %v", err)
	}
}

// TestRefused: what stands in the way of an approval, by kind of error.
func TestRefused(t *testing.T) {
	warned := plain()
	warned.Findings = []webcare.Finding{{Rule: guard.WrongTone, Severity: webcare.Warning, Message: "een grap"}}
	blocked := plain()
	blocked.Findings = []webcare.Finding{{Rule: guard.TooLong, Severity: webcare.Blocking, Message: "te lang"}}
	checked := plain()
	checked.Resolution = &webcare.Resolution{ID: "checked", Checks: []string{"order gezien", "bedrag klopt"}}
	dear := plain()
	dear.Authority = webcare.Senior
	expired := plain()
	expired.Promises = []webcare.Promised{{What: "bellen", Owner: "Iris", Due: porttest.Start.Add(time.Hour)}}
	for _, tc := range []struct {
		name   string
		d      webcare.Draft
		by     webcare.Actor
		change func(*review.Approval)
		before func(*office)
		want   error
	}{
		{name: "a token", d: plain(), by: token, want: webcare.ErrForbidden},
		{name: "no version", d: plain(), by: agent, change: func(a *review.Approval) { a.Version = 0 }, want: webcare.ErrInvalid},
		{name: "an old version", d: plain(), by: agent, change: func(a *review.Approval) { a.Version-- }, want: webcare.ErrConflict},
		{name: "another hash", d: plain(), by: agent, change: func(a *review.Approval) { a.Hash = "x" }, want: webcare.ErrConflict},
		{name: "the customer wrote again", d: plain(), by: agent, before: func(o *office) { o.receive("2", "Hallo?") }, want: webcare.ErrConflict},
		{name: "a warning", d: warned, by: agent, change: func(a *review.Approval) { a.Overrides = nil }, want: webcare.ErrInvalid},
		{name: "a blocking finding, overridden", d: blocked, by: agent, want: webcare.ErrInvalid},
		{name: "an unticked check", d: checked, by: agent, change: func(a *review.Approval) { a.Ticked = []string{"order gezien"} }, want: webcare.ErrInvalid},
		{name: "too dear for an agent", d: dear, by: agent, want: webcare.ErrForbidden},
		{name: "its date has passed", d: expired, by: agent, before: func(o *office) { o.now = o.now.Add(time.Hour) }, want: webcare.ErrConflict},
		{name: "an edit with a foreign link", d: plain(), by: agent, change: func(a *review.Approval) { a.Text = ptr("Excuses, Sanne. Zie https://elders.example.net ^Iris") }, want: webcare.ErrInvalid},
		{name: "an edit to nothing", d: plain(), by: agent, change: func(a *review.Approval) { a.Text = ptr(" ") }, want: webcare.ErrInvalid},
		{name: "a resolution that is none", d: plain(), by: agent, change: func(a *review.Approval) { a.Resolution = ptr("gold") }, want: webcare.ErrInvalid},
		{name: "a dearer resolution", d: plain(), by: agent, change: func(a *review.Approval) { a.Resolution = ptr("dear") }, want: webcare.ErrForbidden},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := open(t, tc.d)
			a := o.seen()
			if tc.before != nil {
				tc.before(o)
			}
			if tc.change != nil {
				tc.change(&a)
			}
			before := o.load().Head.Version
			if _, err := o.Approve(t.Context(), caseID, tc.by, a); !errors.Is(err, tc.want) {
				t.Fatalf("got %v, want %v", err, tc.want)
			}
			if h := o.load().Head; h.Version != before || h.Approval != nil {
				t.Fatalf("a refused approval changed the case: %s", h.Status)
			}
		})
	}
}

// TestRefusalsTellAll: one answer names every finding, every open check, and
// the authority it takes.
func TestRefusalsTellAll(t *testing.T) {
	d := plain()
	d.Findings = []webcare.Finding{{Rule: guard.WrongTone, Severity: webcare.Warning, Message: "een grap"}, {Rule: guard.TooLong, Severity: webcare.Blocking, Message: "te lang"}}
	var findings *review.FindingsError
	if _, err := open(t, d).approve(agent, func(a *review.Approval) { a.Overrides = nil }); !errors.As(err, &findings) || len(findings.Findings) != 2 || !strings.Contains(err.Error(), "te lang") {
		t.Errorf("findings: %v", err)
	}
	d = plain()
	d.Resolution = &webcare.Resolution{ID: "checked", Checks: []string{"order gezien", "bedrag klopt"}}
	var checks *review.ChecksError
	if _, err := open(t, d).approve(agent, nil); !errors.As(err, &checks) || len(checks.Unticked) != 2 {
		t.Errorf("checks: %v", err)
	}
	d = plain()
	d.Authority = webcare.Lead
	var authority *webcare.AuthorityError
	if _, err := open(t, d).approve(senior, nil); !errors.As(err, &authority) || authority.Needs != webcare.Lead || authority.Has != webcare.Senior {
		t.Errorf("authority: %v", err)
	}
}

// TestEdited: a person's wording is guarded, stored beside the machine's, and
// is what is approved.
func TestEdited(t *testing.T) {
	o := open(t, plain())
	mine := strings.Replace(text, "Excuses", "Onze excuses", 1)
	c, err := o.approve(agent, func(a *review.Approval) { a.Text = &mine })
	if err != nil {
		t.Fatal(err)
	}
	last := c.Decisions[len(c.Decisions)-1].Value
	d, _ := c.Draft(c.Head.Approval.DraftSeq)
	if len(c.Drafts) != 2 || d.Text != mine || c.Head.Approval.Hash == c.Drafts[0].Value.Hash || last.What != webcare.EditedAndSent ||
		last.MachineDraftSeq != c.Drafts[0].Seq || last.Distance != 6 {
		t.Fatalf("%d drafts, %+v", len(c.Drafts), last)
	}
	if c, err = o.UndoApproval(t.Context(), caseID, agent); err != nil {
		t.Fatal(err)
	}
	if d, ok := c.CurrentDraft(); !ok || d.Text != mine {
		t.Fatal("undo threw the edit away")
	}
}

// TestOverridesAreRecorded: who overrode what stands in the decision.
func TestOverridesAreRecorded(t *testing.T) {
	d := plain()
	d.Findings = []webcare.Finding{{Rule: guard.WrongTone, Severity: webcare.Warning, Message: "een grap"}}
	d.Resolution = &webcare.Resolution{ID: "checked", Checks: []string{"order gezien"}}
	c, err := open(t, d).approve(agent, func(a *review.Approval) { a.Overrides, a.Ticked = []string{guard.WrongTone}, []string{"order gezien"} })
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Decisions[0].Value; !slices.Equal(got.Overrides, []string{guard.WrongTone}) || !slices.Equal(got.Ticked, []string{"order gezien"}) || got.By.ID != "iris" {
		t.Fatalf("%+v", got)
	}
}

// TestTwoPairsOfEyes: who may not approve proposes; who may, opens the reply
// without withdrawing it, and approves the very same hash.
func TestTwoPairsOfEyes(t *testing.T) {
	d := plain()
	d.Authority = webcare.Senior
	o := open(t, d)
	c, err := o.approve(agent, func(a *review.Approval) { a.Propose = true })
	if err != nil || c.Head.Status != webcare.StatusInReview || c.Head.ProposedBy != "iris" || c.Head.EscalatedTo != "senior" || c.Head.Approval != nil {
		t.Fatalf("%+v, %v", c, err)
	}
	hash := c.Head.DraftHash
	if c, err = o.Sign(t.Context(), caseID, senior); err != nil || c.Head.ProposedBy != "iris" || c.Head.DraftHash != hash {
		t.Fatalf("opening it: proposed by %q, %v", c.Head.ProposedBy, err)
	}
	if c, err = o.approve(senior, nil); err != nil || c.Head.Approval.Hash != hash || c.Head.Approval.By.ID != "sem" {
		t.Fatalf("approving it: %v", err)
	}
}

func TestSign(t *testing.T) {
	b := brand.Sample()
	was, err := b.Sign("Iris", "nl", "mastodon")
	if err != nil {
		t.Fatal(err)
	}
	now, err := b.Sign("Sem", "nl", "mastodon")
	if err != nil {
		t.Fatal(err)
	}
	d := plain()
	d.Text = "Excuses, Sanne, dat je al drie weken wacht. " + was
	o := open(t, d)
	c, err := o.Sign(t.Context(), caseID, senior)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := c.CurrentDraft(); got.Text != "Excuses, Sanne, dat je al drie weken wacht. "+now || got.SignedBy != "Sem" || got.Hash != c.Head.DraftHash {
		t.Fatalf("%q, signed by %s", got.Text, got.SignedBy)
	}
	version := c.Head.Version
	if c, err = o.Sign(t.Context(), caseID, senior); err != nil || c.Head.Version != version {
		t.Fatalf("signing twice: version %d after %d, %v", c.Head.Version, version, err)
	}
}

func TestReject(t *testing.T) {
	o := open(t, plain())
	h := o.load().Head
	c, err := o.Reject(t.Context(), caseID, agent, review.Rejection{Version: h.Version, Hash: h.DraftHash, Reason: "te stijf"})
	if err != nil || c.Head.Status != webcare.StatusTriaged || c.Head.DraftSeq != 0 {
		t.Fatalf("%v", err)
	}
	tasks, err := o.Store.Tasks.Lease(t.Context(), webcare.StageDraft, 9, o.now.Add(time.Hour), o.now.Add(2*time.Hour))
	if err != nil || len(tasks) == 0 || tasks[len(tasks)-1].Data["instruction"] != "te stijf" {
		t.Fatalf("%+v, %v", tasks, err)
	}
	if _, err := o.Reject(t.Context(), caseID, agent, review.Rejection{Version: c.Head.Version, Resolution: "gold"}); !errors.Is(err, webcare.ErrInvalid) {
		t.Fatalf("a resolution that is none: %v", err)
	}
}

// TestWrite: a person's own reply, where there is a draft and where there is none.
func TestWrite(t *testing.T) {
	o := open(t, plain())
	o.receive("2", "Hallo?")
	o.step(webcare.Machine("triage"), func(ch *webcare.Change) error {
		return ch.Triaged(webcare.Triage{Language: "nl", Kind: webcare.KindComplaint}, ch.Head().InboundSeq, time.Time{})
	})
	c, err := o.Write(t.Context(), caseID, senior, review.Approval{Version: o.load().Head.Version, Text: ptr("Excuses, Sanne. Ik bel je zo. ^Sem")})
	if err != nil || c.Head.Status != webcare.StatusInReview {
		t.Fatal(err)
	}
	d, _ := c.CurrentDraft()
	if d.Engine != "sem" || d.SignedBy != "Sem" || d.InboundSeq != c.Head.InboundSeq || d.Visibility != webcare.Public {
		t.Fatalf("%+v", d)
	}
	if _, err := o.Write(t.Context(), caseID, senior, review.Approval{Version: c.Head.Version - 1, Text: ptr("x")}); !errors.Is(err, webcare.ErrConflict) {
		t.Fatalf("an old version: %v", err)
	}
}
