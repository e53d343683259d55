package browsertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestWorkingPath reads, judges, changes a few words, approves, takes back and
// approves again, by mouse.
func TestWorkingPath(t *testing.T) {
	p := start(t)
	w := open(t)
	w.visitReady(p.url + "/")
	w.until("the first-run page", `document.querySelector('.ways')`)
	p.send(late("Fenna Bos"))
	w.until("the case without a reload", `document.querySelector('.row')`)
	w.until("its labels", `document.querySelector('.chip.friction')`)
	id := p.drafted(1)[0].ID

	w.click(".row .case")
	w.ready()
	w.until("a checked text", `document.getElementById('editor')?.dataset.checked`)
	w.do(hover(".chip.friction"))
	w.until("evidence lit by its chip", `document.querySelector('mark.lit')`)
	w.do(hover("mark.friction"))
	w.until("the chip lit by its evidence", `document.querySelector('.chip.friction.lit')`)

	w.press("e")
	w.press(" Mocht je dit zo ervaren, vervelend. We geven je € 500 korting.")
	w.until("a blocking finding at its place", `document.querySelector('.mirror mark.blocking')?.textContent.includes('500')`)
	w.click(".primary.may")
	w.until("the refusal", `document.querySelector('#failed')`)
	if k := p.load(id); k.Status != "in_review" {
		t.Fatalf("a blocked reply left: %s", k.Status)
	}
	if got := w.value("#text"); !strings.Contains(got, "€ 500") {
		t.Fatalf("the text is lost: %q", got)
	}

	w.ready()
	w.run(`const a = document.getElementById('text'); a.value = a.value.replace(/ Mocht.*$/s, ' Fijne dag!'); a.dispatchEvent(new Event('input', {bubbles: true}))`)
	w.until("no blocking finding", `!document.querySelector('.findings .blocking')`)
	override(w)
	w.run(`document.querySelector('details.fold [data-key=d]').click()`)
	w.until("the change", `document.querySelector('ins')?.textContent.includes('Fijne')`)
	w.click(".primary.may")
	w.until("what was done", `document.querySelector('.done .countdown')`)
	if k := p.load(id); k.Status != "approved" || !strings.HasSuffix(k.Draft.Text, "Fijne dag!") {
		t.Fatalf("case is %s with %q", k.Status, k.Draft.Text)
	}
	before := eval[string](w, `document.querySelector('.countdown').textContent`)
	w.until("the countdown moves", fmt.Sprintf(`document.querySelector('.countdown').textContent !== %q`, before))
	w.click(".done button")
	w.until("the editor again", `document.getElementById('editor')`)
	if k := p.load(id); k.Status != "in_review" {
		t.Fatalf("after undo the case is %s", k.Status)
	}
	if got := w.value("#text"); !strings.HasSuffix(got, "Fijne dag!") {
		t.Errorf("after undo the text is %q", got)
	}
}

// override ticks every warning that stands.
func override(w *window) {
	w.t.Helper()
	w.run(`for (const b of document.querySelectorAll('#side [data-tick]')) if (!b.checked) b.click()`)
}

// TestConflict: the customer writes again while the reply is being read. The
// approval answers conflict, shows what is new, and loses no word.
func TestConflict(t *testing.T) {
	p := start(t)
	m := late("Bram Kok")
	p.send(m)
	id := p.drafted(1)[0].ID
	w := open(t)
	w.noScripts() // no live warning: the page is stale for sure
	w.visit(p.url + "/cases/" + id)
	m.ID, m.Text = "", "Laat maar, het pakket is net bezorgd. Maar de doos is open geweest!"
	p.send(m)
	eventually(t, "the second message taken in", func() bool { return p.load(id).Version > 4 && p.load(id).Status == "in_review" })
	w.run(`document.getElementById('text').value += ' Tot gauw.'`)
	w.click(".primary.may")
	w.until("the conflict", `document.getElementById('failed')`)
	if news := w.text("#failed .news"); !strings.Contains(news, "de doos is open geweest") {
		t.Errorf("what is new is not shown: %q", w.text("#failed"))
	}
	w.until("the new message marked", `document.querySelector('.message.fresh')`)
	if got := w.value("#text"); !strings.Contains(got, "Tot gauw.") {
		t.Errorf("the text is lost: %q", got)
	}
	if k := p.load(id); k.Status != "in_review" {
		t.Errorf("the case is %s", k.Status)
	}
}

// TestLiveWarning: who is reading is told, and nothing moves.
func TestLiveWarning(t *testing.T) {
	p := start(t)
	m := late("Hanna Vos")
	p.send(m)
	id := p.drafted(1)[0].ID
	w := open(t)
	w.visitReady(p.url + "/cases/" + id)
	w.until("presence", `document.getElementById('case').dataset.here !== undefined`)
	w.press("e")
	w.press(" Nog even dit.")
	m.ID, m.Text = "", "Inmiddels is er gebeld, dank."
	p.send(m)
	w.until("the warning", `document.querySelector('#toast p')?.textContent.includes('klant schreef')`)
	if got := w.value("#text"); !strings.Contains(got, "Nog even dit.") {
		t.Errorf("the text moved away: %q", got)
	}
}

// TestQueueStaysPut: new cases wait for who reads the list; what ended fades.
func TestQueueStaysPut(t *testing.T) {
	p := start(t)
	p.send(late("Eerste"))
	p.send(late("Tweede"))
	cs := p.drafted(2)
	w := open(t)
	w.visitReady(p.url + "/")
	w.until("two rows", `document.querySelectorAll('.row').length === 2`)
	p.send(late("Derde"))
	w.until("one new", `!document.getElementById('fresh').hidden && document.getElementById('fresh').innerText.startsWith('1')`)
	if n := eval[int](w, `document.querySelectorAll('.row').length`); n != 2 {
		t.Errorf("%d rows while reading, want 2", n)
	}
	other := open(t)
	other.visitReady(p.url + "/cases/" + cs[1].ID)
	other.press("x")
	other.press(enter)
	w.until("the row that ended fades", `document.querySelector('.row.gone')`)
	w.press(".")
	w.until("the list as it is", `document.querySelectorAll('.row').length === 2 && !document.querySelector('.row.gone')`)
}

// TestKeyboardOnly approves twenty drafts by keyboard in under a minute,
// waiting each time for what a person would see.
func TestKeyboardOnly(t *testing.T) {
	p := start(t)
	const n = 20
	for i := range n {
		p.send(late(fmt.Sprintf("Klant %c. Jansen", 'A'+i)))
	}
	p.drafted(n)
	w := open(t)
	w.visitReady(p.url + "/")
	w.until("the queue", fmt.Sprintf(`document.querySelectorAll('.row').length === %d`, n))
	began := time.Now()
	w.press("j")
	w.until("a row in focus", `document.activeElement.matches('.row .case')`)
	w.press(enter)
	seen := []string{}
	for i := range n {
		w.until("a case to judge", fmt.Sprintf(`location.pathname.startsWith('/cases/') && !%s.includes(location.pathname) && document.documentElement.dataset.ready !== undefined && document.getElementById('editor')?.dataset.checked`, jsList(seen)))
		seen = append(seen, w.path())
		for j := range eval[int](w, `document.querySelectorAll('#side [data-tick]').length`) {
			w.press(fmt.Sprint(j + 1))
		}
		w.press("a")
		if i == n-1 {
			w.until("an empty queue", `location.pathname === '/' && document.querySelector('.empty, #queue')`)
		}
	}
	took := time.Since(began)
	eventually(t, "all approved", func() bool {
		return len(p.cases("approved,publishing,answered")) == n
	})
	t.Logf("%d drafts approved by keyboard in %.1f s", n, took.Seconds())
	if took > time.Minute {
		t.Errorf("%d drafts took %s", n, took)
	}
}

func jsList(s []string) string {
	q := make([]string, len(s))
	for i, x := range s {
		q[i] = fmt.Sprintf("%q", x)
	}
	return "[" + strings.Join(q, ",") + "]"
}

// TestKeysReachEverything opens each step by its key and puts the focus in it.
func TestKeysReachEverything(t *testing.T) {
	p := start(t)
	p.send(late("Gijs Prins"))
	p.send(late("Noa Dekker"))
	id := p.drafted(2)[0].ID
	w := open(t)
	w.visitReady(p.url + "/cases/" + id)
	w.until("a checked text", `document.getElementById('editor')?.dataset.checked`)
	for key, inside := range map[string]string{"r": "reject", "x": "ignore", "s": "snooze", "w": "wait", "g": "assign", "u": "escalate", "t": "tags", "h": "triage", "l": "link", "n": "note"} {
		w.press(key)
		w.until("the focus in "+inside, fmt.Sprintf(`document.activeElement.closest('form')?.getAttribute('action')?.endsWith('/%s')`, inside))
		w.press(escape)
		w.press(escape)
		w.until("out of "+inside, `!document.activeElement.matches('input, textarea, select') && !document.querySelector('details.menu[open]')`)
	}
	w.press("?")
	w.until("the overlay", `document.querySelector('dialog[open]')`)
	w.press(escape)
	w.until("the overlay gone", `!document.querySelector('dialog[open]')`)
	w.press("/")
	w.until("the search", `document.activeElement.type === 'search'`)
	w.press(escape)
	w.press("n")
	w.press("@noor kijk je mee?" + enter)
	w.until("the note", `document.querySelector('.note .at')?.textContent === '@noor'`)
	w.ready()
	w.press("t")
	w.press("storing, spoed" + enter)
	w.until("the tags", `document.querySelectorAll('.chip.tag').length === 2`)
	w.ready()
	w.press("j")
	w.until("the next case", fmt.Sprintf(`location.pathname.startsWith('/cases/') && !location.pathname.endsWith('%s')`, id))
	w.ready()
	w.press("q")
	w.until("the queue", `location.pathname === '/'`)
}

// TestBulk sets cases aside from the list, and takes it back.
func TestBulk(t *testing.T) {
	p := start(t)
	for _, n := range []string{"Een", "Twee", "Drie"} {
		p.send(late(n))
	}
	p.drafted(3)
	w := open(t)
	w.visitReady(p.url + "/")
	if n := eval[int](w, `document.querySelectorAll('.queue [formaction*=approve], .bulk [value=approve]').length`); n != 0 {
		t.Errorf("%d ways to approve from the list, unread", n)
	}
	w.press("jxjx")
	w.until("two chosen", `document.getElementById('chosen').textContent === '2'`)
	w.press("i")
	w.until("set aside", `document.querySelector('.done')?.innerText.includes('2') && document.querySelectorAll('.row').length === 1`)
	if got := len(p.cases("ignored")); got != 2 {
		t.Errorf("%d ignored, want 2", got)
	}
	w.ready()
	w.press("z")
	w.until("all back", `document.querySelectorAll('.row').length === 3`)
	if got := len(p.cases("in_review")); got != 3 {
		t.Errorf("%d in review, want 3", got)
	}
}

// TestRecovery: what was typed survives a reload, a crash of the browser's
// page and a kill -9 of the program, while it was away included.
func TestRecovery(t *testing.T) {
	p := start(t)
	p.send(late("Roos Mulder"))
	id := p.drafted(1)[0].ID
	w := open(t)
	w.visitReady(p.url + "/cases/" + id)
	w.press("e")
	w.press(" Eerste zin.")
	w.until("kept", `document.getElementById('saved').dataset.state === 'saved'`)
	p.restart()
	w.visitReady(p.url + "/cases/" + id)
	if got := w.value("#text"); !strings.HasSuffix(got, "Eerste zin.") {
		t.Fatalf("after kill -9: %q", got)
	}
	w.press("e")
	w.press(" Tweede zin.")
	time.Sleep(100 * time.Millisecond)
	w.crash() // before anything was sent
	again := &window{t: t, ctx: w.ctx}
	again.visitReady(p.url + "/cases/" + id)
	if got := again.value("#text"); !strings.HasSuffix(got, "Eerste zin. Tweede zin.") {
		t.Fatalf("after a crash of the page: %q", got)
	}
	p.kill()
	again.press("e")
	again.press(" Derde zin.")
	again.until("not saved, and said so", `document.getElementById('saved').dataset.state === 'unsaved'`)
	p.run(strings.TrimPrefix(p.url, "http://"))
	again.until("kept as soon as the program is back", `document.getElementById('saved').dataset.state === 'saved'`)
	again.visitReady(p.url + "/cases/" + id)
	if got := again.value("#text"); !strings.HasSuffix(got, "Derde zin.") {
		t.Fatalf("typed while the program was away: %q", got)
	}
	w.quiet = true
}

// TestWithoutScripts reads, edits and approves with plain forms.
func TestWithoutScripts(t *testing.T) {
	p := start(t)
	p.send(late("Piet Haan"))
	id := p.drafted(1)[0].ID
	w := open(t)
	w.noScripts()
	w.visit(p.url + "/")
	w.click(".row .case")
	w.until("the case", `document.getElementById('editor')`)
	w.run(`document.getElementById('text').value += ' Dank voor je geduld.'`)
	w.click("button[formaction$='/save']")
	w.until("saved", `document.querySelector("[formaction$='/discard']") && document.getElementById('text').value.endsWith('geduld.')`)
	w.run(`for (const b of document.querySelectorAll('#side [data-tick]')) b.checked = true`)
	w.click(".primary.may")
	w.until("what was done", `document.querySelector('.done')`)
	eventually(t, "approved", func() bool { return slices.Contains([]string{"approved", "answered"}, p.load(id).Status) })
	if k := p.load(id); !strings.HasSuffix(k.Draft.Text, "geduld.") {
		t.Errorf("approved %q", k.Draft.Text)
	}
	w.until("the undo", `document.querySelector('.done form[action$="/undo"]')`)
	w.click(".done button")
	eventually(t, "undone", func() bool { return p.load(id).Status == "in_review" })
}
