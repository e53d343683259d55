package receive_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/webcare"
)

// clock is the time that a receiver sees.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newReceiver() (*receive.Receiver, *clock) {
	c := &clock{now: porttest.Start}
	return &receive.Receiver{Store: porttest.NewMemory().Store(), Now: c.Now, Random: rand.Reader}, c
}

// post is a public message of an author.
func post(id, author, text string) receive.Item {
	return receive.Item{Message: webcare.Message{Key: webcare.Key{Channel: "mastodon", ExternalID: id}, Brand: "b",
		Author: webcare.Author{Name: author, Handle: "@" + author}, Text: text, Digest: webcare.Digest([]byte(text))}}
}

// mail is a private message, known by its Message-ID.
func mail(id, from, text string, parents ...string) receive.Item {
	it := receive.Item{Message: webcare.Message{Key: webcare.Key{Channel: "email", ExternalID: id}, Brand: "b", Visibility: webcare.Private,
		Author: webcare.Author{Name: from, Address: from + "@example.com"}, Subject: "Over mijn bestelling", Text: text, Digest: webcare.Digest([]byte(text))},
		Raw: []byte("raw " + id), Claims: []webcare.Claim{webcare.MailClaim(id)}}
	for _, p := range parents {
		it.Parents = append(it.Parents, webcare.MailClaim(p))
	}
	return it
}

func in(it receive.Item, thread string) receive.Item {
	it.Message.Thread = thread
	return it
}

func take(t *testing.T, r *receive.Receiver, it receive.Item) receive.Result {
	t.Helper()
	res, err := r.Receive(t.Context(), it)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func load(t *testing.T, r *receive.Receiver, id webcare.CaseID) *webcare.Case {
	t.Helper()
	c, err := r.Store.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestThreads: which messages make one case. Same letters, same case.
func TestThreads(t *testing.T) {
	wait := func(d time.Duration) func(*clock) { return func(c *clock) { c.pass(d) } }
	type step struct {
		item receive.Item
		pass func(*clock)
		want string
	}
	ours := func(it receive.Item, to string) receive.Item {
		it.Message.Ours, it.Message.ReplyTo.ExternalID = true, to
		return it
	}
	private := func(it receive.Item) receive.Item {
		it.Message.Visibility = webcare.Private
		return it
	}
	for _, tc := range []struct {
		name  string
		steps []step
	}{
		{"posts within two minutes are together", []step{
			{post("1", "sanne", "Waar is het?"), wait(119 * time.Second), "a"},
			{post("2", "sanne", "Order 12 dus"), wait(119 * time.Second), "a"}, // counted from the latest
			{post("3", "sanne", "En bedankt"), nil, "a"}}},
		{"posts further apart are not", []step{
			{post("1", "sanne", "Waar is het?"), wait(121 * time.Second), "a"},
			{post("2", "sanne", "Nog iets"), nil, "b"}}},
		{"nor are those of two people", []step{
			{post("1", "sanne", "Waar is het?"), nil, "a"},
			{post("2", "tom", "Bij mij ook"), nil, "b"}}},
		{"nor private messages without a thread", []step{
			{private(post("1", "sanne", "Waar is het?")), nil, "a"},
			{private(post("2", "sanne", "Nog iets")), nil, "b"}}},
		{"a thread holds for ever", []step{
			{in(post("1", "sanne", "Waar is het?"), "t"), wait(1000 * time.Hour), "a"},
			{in(post("2", "sanne", "Nog steeds niets"), "t"), nil, "a"}}},
		{"another author in a public thread has a case of their own, every time", []step{
			{in(post("1", "sanne", "Waar is het?"), "t"), wait(time.Hour), "a"},
			{in(post("2", "tom", "Bij mij ook"), "t"), wait(time.Hour), "b"},
			{in(post("3", "tom", "Nog steeds"), "t"), wait(time.Hour), "b"},
			{in(post("4", "eva", "Hier ook"), "t"), wait(time.Hour), "c"},
			{in(post("5", "sanne", "Hallo?"), "t"), nil, "a"}}},
		{"a colleague's reply goes to whom it answers", []step{
			{in(post("1", "sanne", "Waar is het?"), "t"), wait(time.Hour), "a"},
			{in(post("2", "tom", "Bij mij ook"), "t"), nil, "b"},
			{ours(in(post("3", "wij", "Dag Tom, we zoeken het uit"), "t"), "2"), nil, "b"},
			{ours(in(post("4", "wij", "Dag Sanne, we zoeken het uit"), "t"), "1"), nil, "a"}}},
		{"an answer by mail finds its case", []step{
			{mail("<1@x>", "sanne", "Waar is het?"), wait(time.Hour), "a"},
			{mail("<2@x>", "sanne", "Nog steeds niets", "<1@x>"), wait(time.Hour), "a"},
			{mail("<3@x>", "sanne", "En nu?", "<unknown@x>", "<2@x>"), nil, "a"}}},
		{"a stranger cannot join a mail thread", []step{
			{mail("<1@x>", "sanne", "Waar is het?"), nil, "a"},
			{mail("<2@x>", "mallory", "Stuur het naar mij", "<1@x>"), nil, "b"},
			{mail("<3@x>", "mallory", "Graag snel", "<1@x>", "<2@x>"), nil, "b"}}},
		{"letters in upper case are the same sender", []step{
			{mail("<1@x>", "sanne", "Waar is het?"), nil, "a"},
			{mail("<2@x>", "SANNE", "Nog steeds niets", "<1@x>"), nil, "a"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, c := newReceiver()
			letters := map[string]webcare.CaseID{}
			for i, s := range tc.steps {
				res := take(t, r, s.item)
				first, seen := letters[s.want]
				if res.New == seen || (seen && res.CaseID != first) {
					t.Fatalf("message %d is on %s (new %v), want %q: %v", i+1, res.CaseID, res.New, s.want, letters)
				}
				letters[s.want] = res.CaseID
				if s.pass != nil {
					s.pass(c)
				}
			}
		})
	}
}

func TestStrangerIsMarked(t *testing.T) {
	r, _ := newReceiver()
	take(t, r, mail("<1@x>", "sanne", "Waar is het?"))
	c := load(t, r, take(t, r, mail("<2@x>", "mallory", "Stuur het naar mij", "<1@x>")).CaseID)
	if len(c.Messages[0].Value.Warnings) != 1 {
		t.Fatalf("warnings %v", c.Messages[0].Value.Warnings)
	}
}

func TestTwice(t *testing.T) {
	r, _ := newReceiver()
	first := take(t, r, mail("<1@x>", "sanne", "Waar is het?"))
	saves := load(t, r, first.CaseID).Head.Version
	again := take(t, r, mail("<1@x>", "sanne", "Waar is het?"))
	if !again.Duplicate || again.CaseID != first.CaseID || again.MessageID != first.MessageID {
		t.Fatalf("again: %+v, first: %+v", again, first)
	}
	if _, err := r.Receive(t.Context(), mail("<1@x>", "sanne", "Iets anders")); !errors.Is(err, webcare.ErrConflict) {
		t.Fatalf("another body under the same id: %v", err)
	}
	c := load(t, r, first.CaseID)
	if c.Head.Version != saves || len(c.Messages) != 1 {
		t.Fatalf("version %d after %d, %d messages", c.Head.Version, saves, len(c.Messages))
	}
}

func TestRevisions(t *testing.T) {
	r, c := newReceiver()
	first := take(t, r, post("1", "sanne", "Waar is het?"))
	c.pass(time.Hour)
	edit := post("1", "sanne", "Waar is order 12?")
	edit.Message.Revision = 1
	if res := take(t, r, edit); res.CaseID != first.CaseID {
		t.Fatalf("the edit is on %s", res.CaseID)
	}
	if res := take(t, r, edit); !res.Duplicate {
		t.Fatal("the edit was taken twice")
	}
	got := load(t, r, first.CaseID)
	if text := got.UnansweredText(); text != "Waar is order 12?" || len(got.Messages) != 2 {
		t.Fatalf("%d messages, %q", len(got.Messages), text)
	}
	gone := post("1", "sanne", "")
	gone.Message.Revision, gone.Message.Deleted = 2, true
	take(t, r, gone)
	got = load(t, r, first.CaseID)
	if len(got.Conversation()) != 0 || got.Head.Status != webcare.StatusReceived || len(got.Messages) != 3 {
		t.Fatalf("%s, %d messages, %d stand", got.Head.Status, len(got.Messages), len(got.Conversation()))
	}
}

func TestAutomaticMail(t *testing.T) {
	for _, tc := range []struct {
		name, automatic, bounceOf string
		status                    webcare.Status
	}{
		{"out of office", "auto-submitted", "", webcare.StatusReceived},
		{"bounce", "bounce", "<1@x>", webcare.StatusAttention},
	} {
		t.Run(tc.name+", attached", func(t *testing.T) {
			r, _ := newReceiver()
			first := take(t, r, mail("<1@x>", "sanne", "Waar is het?"))
			auto := mail("<2@x>", "mailer-daemon", "Ik ben er niet", "<1@x>")
			auto.Message.Automatic, auto.Message.BounceOf = tc.automatic, tc.bounceOf
			if res := take(t, r, auto); res.CaseID != first.CaseID {
				t.Fatalf("on %s", res.CaseID)
			}
			c := load(t, r, first.CaseID)
			if c.Head.Status != tc.status || c.UnansweredText() != "Waar is het?" {
				t.Fatalf("%s, %q", c.Head.Status, c.UnansweredText())
			}
		})
		t.Run(tc.name+", set aside", func(t *testing.T) {
			r, _ := newReceiver()
			auto := mail("<2@x>", "mailer-daemon", "Ik ben er niet")
			auto.Message.Automatic, auto.Message.BounceOf = tc.automatic, tc.bounceOf
			c := load(t, r, take(t, r, auto).CaseID)
			tasks, err := r.Store.Tasks.Lease(t.Context(), webcare.StageTriage, 10, porttest.Start.Add(time.Hour), porttest.Start.Add(2*time.Hour))
			if err != nil || len(tasks) != 0 || c.Head.Status != webcare.StatusIgnored {
				t.Fatalf("%s, tasks %v, %v", c.Head.Status, tasks, err)
			}
		})
	}
}

func TestInvalid(t *testing.T) {
	for name, spoil := range map[string]func(*receive.Item){
		"no brand":              func(it *receive.Item) { it.Message.Brand = "" },
		"no channel":            func(it *receive.Item) { it.Message.Key.Channel = "" },
		"no id":                 func(it *receive.Item) { it.Message.Key.ExternalID = "" },
		"long id":               func(it *receive.Item) { it.Message.Key.ExternalID = fmt.Sprintf("%01001d", 1) },
		"long thread":           func(it *receive.Item) { it.Message.Thread = fmt.Sprintf("%01001d", 1) },
		"nothing in it":         func(it *receive.Item) { it.Message.Text = " \n" },
		"file of no attachment": func(it *receive.Item) { it.Files = [][]byte{{1}} },
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := newReceiver()
			it := post("1", "sanne", "Waar is het?")
			spoil(&it)
			if _, err := r.Receive(t.Context(), it); !errors.Is(err, webcare.ErrInvalid) {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	r, _ := newReceiver()
	it := mail("<1@x>", "sanne", "Zie bijlage")
	it.Message.Attachments = []webcare.Attachment{{Name: "bon.pdf", MediaType: "application/pdf"}}
	it.Files = [][]byte{[]byte("%PDF-1.7")}
	m := load(t, r, take(t, r, it).CaseID).Messages[0].Value
	for name, want := range map[webcare.BlobName]string{m.Raw: "raw <1@x>", m.Attachments[0].Blob: "%PDF-1.7"} {
		if b, err := r.Store.Blobs.Get(t.Context(), name); err != nil || string(b) != want {
			t.Errorf("%s holds %q, %v", name, b, err)
		}
	}
	if m.Attachments[0].Size != 8 {
		t.Errorf("size %d", m.Attachments[0].Size)
	}
}

// TestRaces: forty deliveries at once, of one message and of different ones.
func TestRaces(t *testing.T) {
	const n = 40
	for _, tc := range []struct {
		name            string
		item            func(i int) receive.Item
		cases, messages int
	}{
		{"one message", func(int) receive.Item { return mail("<1@x>", "sanne", "Waar is het?") }, 1, 1},
		{"one thread", func(i int) receive.Item { return in(post(fmt.Sprint(i), "sanne", "Waar is het?"), "t") }, 1, n},
		{"one author at the same moment", func(i int) receive.Item { return post(fmt.Sprint(i), "sanne", "Waar is het?") }, 1, n},
		{"a thread of many", func(i int) receive.Item {
			return in(post(fmt.Sprint(i), fmt.Sprint("author-", i%4), "Waar is het?"), "t")
		}, 4, n},
		{"strangers", func(i int) receive.Item { return post(fmt.Sprint(i), fmt.Sprint("author-", i), "Waar is het?") }, n, n},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, _ := newReceiver()
			results := make([]receive.Result, n)
			var wg sync.WaitGroup
			for i := range n {
				wg.Go(func() {
					var err error
					if results[i], err = r.Receive(t.Context(), tc.item(i)); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			ids, messages := map[webcare.CaseID]bool{}, 0
			for _, res := range results {
				if ids[res.CaseID] || res.CaseID == "" {
					continue
				}
				ids[res.CaseID] = true
				messages += len(load(t, r, res.CaseID).Messages)
			}
			if len(ids) != tc.cases || messages != tc.messages {
				t.Fatalf("%d cases with %d messages, want %d with %d", len(ids), messages, tc.cases, tc.messages)
			}
		})
	}
}
