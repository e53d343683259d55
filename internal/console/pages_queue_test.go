package console_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

// tabCounts reads the counts of the queue's tabs.
func (d *desk) tabCounts(path string) map[string]string {
	d.t.Helper()
	code, body, _ := d.get("GET", path, nil)
	if code != 200 {
		d.t.Fatalf("%s: %d", path, code)
	}
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`>([^<>]+) <span class="count">([^<]*)<`).FindAllStringSubmatch(body, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// TestSnoozedAreNeitherShownNorCounted: until their time, or until the customer
// writes; under "snoozed" and in a search they are there.
func TestSnoozedAreNeitherShownNorCounted(t *testing.T) {
	d := newDesk(t)
	for i := range 5 {
		d.inReview(fmt.Sprint("case", i), "x", webcare.Agent, nil)
	}
	away := func(id string, form url.Values) int {
		t.Helper()
		h, err := d.store.Cases.Head(t.Context(), webcare.CaseID(id))
		must(t, err)
		form.Set("version", fmt.Sprint(h.Version))
		code, _, _ := d.get("POST", "/cases/"+id+"/snooze", form)
		return code
	}
	// Ten in the morning UTC is eleven in the brand's time zone.
	for _, tc := range []struct {
		until string
		code  int
	}{{"2026-11-23T10:59", 422}, {"2027-03-01T09:00", 422}, {"morgen", 422}, {"2026-11-23T11:30", 303}} {
		if code := away("case1", url.Values{"until": {tc.until}}); code != tc.code {
			t.Errorf("until %s: %d", tc.until, code)
		}
	}
	if h, err := d.store.Cases.Head(t.Context(), "case1"); err != nil || !h.SnoozedUntil.Equal(d.now.Add(30*time.Minute)) {
		t.Fatalf("until %s: %v", h.SnoozedUntil, err)
	}
	if code := away("case2", url.Values{"hours": {"4"}}); code != 303 {
		t.Fatal(code)
	}
	for path, want := range map[string][]string{"/": {"case0", "case3", "case4"}, "/?only=snoozed": {"case1", "case2"}, "/?only=unassigned": {"case0", "case3", "case4"}} {
		_, body, _ := d.get("GET", path, nil)
		for i := range 5 {
			id := fmt.Sprint("case", i)
			if got := strings.Contains(body, `id="c-`+id+`"`); got != strings.Contains(fmt.Sprint(want), id) {
				t.Errorf("%s: %s shown %v", path, id, got)
			}
		}
	}
	if n := d.tabCounts("/")["Te beoordelen"]; n != "3" {
		t.Errorf("two of five are snoozed, and %s are counted", n)
	}
	d.now = d.now.Add(31 * time.Minute)
	if n := d.tabCounts("/")["Te beoordelen"]; n != "4" {
		t.Errorf("one of five is snoozed, and %s are counted", n)
	}
	h, err := d.store.Cases.Head(t.Context(), "case2")
	must(t, err)
	if code, _, _ := d.get("POST", "/cases/case2/assign", url.Values{"version": {fmt.Sprint(h.Version)}, "me": {"1"}}); code != 303 {
		t.Fatal(code)
	}
	if got := d.tabCounts("/"); got["Van mij"] != "1" || got["Te beoordelen"] != "4" {
		t.Errorf("one's own are counted snoozed too: %v", got)
	}
}

// TestWaitUntilOnesOwnTime: a day and time win over the term.
func TestWaitUntilOnesOwnTime(t *testing.T) {
	d := newDesk(t)
	h := d.inReview("case1", "x", webcare.Agent, nil)
	code, _, _ := d.get("POST", "/cases/case1/wait", url.Values{"version": {fmt.Sprint(h.Version)}, "on": {"customer"}, "hours": {"72"}, "until": {"2026-11-25T09:00"}})
	h, err := d.store.Cases.Head(t.Context(), "case1")
	if code != 303 || err != nil || !h.WaitingUntil.Equal(time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)) {
		t.Fatalf("%d: until %s, %v", code, h.WaitingUntil, err)
	}
}

// TestRowsAreNotMixedUp: rows that are remembered differ by what they show.
func TestRowsAreNotMixedUp(t *testing.T) {
	d := newDesk(t)
	h := d.inReview("case1", "x", webcare.Agent, nil)
	row := func(path string) string {
		t.Helper()
		_, body, _ := d.get("GET", path, nil)
		return regexp.MustCompile(`(?s)<li class="row.*?</li>`).FindString(body)
	}
	plain := row("/")
	if plain != row("/") || plain == "" {
		t.Fatal("not the same row twice")
	}
	if filtered := row("/?urgency=normal"); !strings.Contains(filtered, "from=urgency%3Dnormal") || strings.Contains(plain, "from=") {
		t.Error("the way back leads to another queue")
	}
	must(t, d.storeTag(h, "kerst"))
	if !strings.Contains(row("/"), "#kerst") {
		t.Error("a changed case is shown as it was")
	}
	d.now = d.now.Add(time.Hour)
	if !strings.Contains(row("/"), "1 u geleden") {
		t.Error("time stands still")
	}
}

func (d *desk) storeTag(h webcare.Head, tag string) error {
	c, err := d.store.Load(d.t.Context(), h.ID)
	if err != nil {
		return err
	}
	ch := webcare.Begin(c, d.now, d.as.Actor)
	if err := ch.Tag([]string{tag}); err != nil {
		return err
	}
	_, err = d.store.Commit(d.t.Context(), ch)
	return err
}
