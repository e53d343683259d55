package console

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

// TestDiffIsWhole: what is kept and taken out is the old text, what is kept and
// put in the new one.
func TestDiffIsWhole(t *testing.T) {
	for _, c := range []struct{ was, is, want string }{
		{"", "", ""},
		{"Dag Kim", "", "[-Dag Kim]"},
		{"", "Dag Kim", "[+Dag Kim]"},
		{"Sorry dat je wacht.", "Excuses dat je wacht.", "[-Sorry][+Excuses] dat je wacht."},
		{"a b c d e", "a c d x e", "a [-b ]c d[+ x] e"},
		{"€ 5 terug", "€ 50 terug", "€ [-5][+50] terug"},
		{"één\r\ntwee", "één\ntwee", "één[-\r\n][+\n]twee"},
	} {
		var was, is, got strings.Builder
		for _, ch := range diff(c.was, c.is) {
			switch ch.Op {
			case "ins":
				is.WriteString(ch.Text)
				got.WriteString("[+" + ch.Text + "]")
			case "del":
				was.WriteString(ch.Text)
				got.WriteString("[-" + ch.Text + "]")
			default:
				was.WriteString(ch.Text)
				is.WriteString(ch.Text)
				got.WriteString(ch.Text)
			}
		}
		if was.String() != c.was || is.String() != c.is || got.String() != c.want {
			t.Errorf("diff(%q, %q) = %q, want %q", c.was, c.is, got.String(), c.want)
		}
	}
}

func FuzzDiff(f *testing.F) {
	f.Add("Sorry dat je wacht.", "Excuses dat je wacht!")
	f.Fuzz(func(t *testing.T, a, b string) {
		a, b = strings.ToValidUTF8(a, "?"), strings.ToValidUTF8(b, "?")
		var was, is strings.Builder
		for _, ch := range diff(a, b) {
			if ch.Op != "ins" {
				was.WriteString(ch.Text)
			}
			if ch.Op != "del" {
				is.WriteString(ch.Text)
			}
		}
		if was.String() != a || is.String() != b {
			t.Fatalf("diff(%q, %q) loses text: %q, %q", a, b, was.String(), is.String())
		}
	})
}

// TestUnits: scripts count in UTF-16, the guard in bytes.
func TestUnits(t *testing.T) {
	for _, c := range []struct {
		text         string
		offset, want int
	}{{"abc", 2, 2}, {"é€x", 5, 2}, {"😀x", 4, 2}, {"😀x", 99, 3}, {"x", -1, 0}} {
		if got := units(c.text, c.offset); got != c.want {
			t.Errorf("units(%q, %d) = %d, want %d", c.text, c.offset, got, c.want)
		}
	}
}

// TestClock: calm until 80% of the term, never by colour alone.
func TestClock(t *testing.T) {
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	h := webcare.Head{Status: webcare.StatusInReview, ReceivedAt: start, DueAt: start.Add(10 * time.Hour)}
	for _, c := range []struct {
		after       time.Duration
		class, text string
	}{{0, "calm", "10:00 u"}, {7*time.Hour + 59*time.Minute, "calm", "2:01 u"}, {8 * time.Hour, "soon", "2:00 u"}, {9*time.Hour + 30*time.Minute, "soon", "30 min"},
		{10*time.Hour + time.Minute, "over", "1 min te laat"}, {70 * time.Hour, "over", "2 d te laat"}} {
		if got := clock(h, start.Add(c.after).UnixMilli(), "nl"); got.Class != c.class || got.Text != c.text {
			t.Errorf("after %s: %+v, want %s %q", c.after, got, c.class, c.text)
		}
	}
	h.Status = webcare.StatusAnswered
	if got := clock(h, start.UnixMilli(), "nl"); got.Class != "none" || got.Due != 0 {
		t.Errorf("an answered case has a clock: %+v", got)
	}
}

func TestMentionParts(t *testing.T) {
	for note, want := range map[string]string{
		"@sem kijk jij mee?":       "<@sem> kijk jij mee?",
		"vraag het @Sem, of @iris": "vraag het <@Sem>, of <@iris>",
		"mail klant@voorbeeld.nl":  "mail klant@voorbeeld.nl",
		"twee  spaties @zoë":       "twee  spaties <@zoë>",
		"":                         "",
	} {
		var got strings.Builder
		for _, p := range mentionParts(note) {
			if p.Class != "" {
				got.WriteString("<" + p.Text + ">")
				continue
			}
			got.WriteString(p.Text)
		}
		if got.String() != want {
			t.Errorf("mentionParts(%q) = %q, want %q", note, got.String(), want)
		}
	}
}

// TestQueueQuery: what a queue is asked for survives a round trip, and nothing
// else does.
func TestQueueQuery(t *testing.T) {
	for raw, want := range map[string]string{
		"":                                    "",
		"urgency=high&urgency=critical":       "urgency=high%2Ccritical",
		"cursor=x&did=approve&channel=x&q=":   "channel=x",
		"q=te+laat&evil=1":                    "q=te+laat",
		"?status=waiting":                     "status=waiting",
		"assignee=me&friction=late&only=mine": "assignee=me&friction=late&only=mine",
	} {
		if got := queueQuery(raw); got != want {
			t.Errorf("queueQuery(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestLocalPath(t *testing.T) {
	for to, want := range map[string]string{"/cases/1?from=x": "/cases/1?from=x", "": "/", "//evil.example": "/", "https://evil.example/": "/",
		`/\evil.example`: "/", "/\t/evil.example": "/", "cases": "/"} {
		if got := localPath(to); got != want {
			t.Errorf("localPath(%q) = %q, want %q", to, got, want)
		}
	}
}

// TestWords: every word that a template asks for is there in both languages,
// and none stands in vain.
func TestWords(t *testing.T) {
	for key, w := range words {
		if w[0] == "" || w[1] == "" {
			t.Errorf("%q lacks a language: %q", key, w)
		}
	}
	asked := regexp.MustCompile(`\.T "([^"]+)"`)
	err := fs.WalkDir(templateFiles, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := templateFiles.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range asked.FindAllStringSubmatch(string(b), -1) {
			if _, ok := words[m[1]]; !ok {
				t.Errorf("%s asks for %q, which is no word", name, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range webcare.FrictionTypes() {
		if _, ok := words[string(f)]; !ok {
			t.Errorf("no word for friction %s", f)
		}
	}
	for _, s := range webcare.Signals() {
		if _, ok := words[string(s)]; !ok {
			t.Errorf("no word for signal %s", s)
		}
	}
}

// TestRoles: a role by brand gives authority in that brand only; one for every
// brand holds beside it.
func TestRoles(t *testing.T) {
	o := &OIDC{Roles: map[string]string{"g-a": "agent", "g-x": "x/lead", "g-m": "y/marketing"}}
	s := session{ID: "1", Roles: o.roles(map[string]any{"groups": []any{"g-x", "g-m", "unknown"}})}
	u := s.user()
	if !u.sees("x") || u.sees("z") {
		t.Fatalf("sees: %+v", u)
	}
	if in, err := u.in("x"); err != nil || in.Role != RoleLead || in.Authority != webcare.Lead {
		t.Errorf("in x: %+v, %v", in, err)
	}
	if in, err := u.in("y"); err != nil || in.mayDecide() == nil {
		t.Errorf("marketing decides in y: %+v, %v", in, err)
	}
	if _, err := u.in("z"); err == nil {
		t.Error("a brand without a role is entered")
	}
	both := session{ID: "2", Roles: o.roles(map[string]any{"groups": "g-a g-x"})}.user()
	if in, err := both.in("z"); err != nil || in.Role != RoleAgent {
		t.Errorf("agent everywhere, in z: %+v, %v", in, err)
	}
	if in, err := both.in("x"); err != nil || in.Role != RoleLead {
		t.Errorf("lead in x beside agent everywhere: %+v, %v", in, err)
	}
}
