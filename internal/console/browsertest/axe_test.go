package browsertest

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeFile is axe-core, which .ci/run installs from npm.
const axeFile = "../../../.tools/axe/axe.min.js"

// violation is what axe found wrong.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML, FailureSummary string }
}

// TestAccessible: axe-core finds nothing on any page, light and dark, with
// menus open and on a telephone.
func TestAccessible(t *testing.T) {
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Skip("needs browser: npm pack axe-core@4.14.1, and its axe.min.js in .tools/axe/")
	}
	p := start(t)
	w := open(t)
	w.visitReady(p.url + "/")
	check(t, w, string(axe), "first run")
	sample(t, p)
	id := map[string]string{}
	for _, c := range p.cases("in_review,attention,ignored") {
		id[c.Author.Name] = c.ID
	}
	w.visitReady(p.url + "/cases/" + id["Sanne"])
	w.press("n")
	w.press("@noor kijk even" + enter)
	w.until("the note", `document.querySelector('.note')`)
	for _, pg := range []struct{ name, path, before string }{
		{"queue", "/", ""},
		{"queue with a choice", "/", `document.querySelector('[name=case]').click()`},
		{"queue, filter open", "/?urgency=high,critical", `document.querySelector('.filter').open = true`},
		{"queue, me open", "/", `document.querySelector('.me').open = true`},
		{"nothing found", "/?channel=linkedin", ""},
		{"search", "/?q=bestelling", ""},
		{"case", "/cases/" + id["Marleen Kuiper"], `for (const d of document.querySelectorAll('.fold, .picker, .log')) d.open = true`},
		{"case, changed text", "/cases/" + id["Lotte"], `const a = document.getElementById('text'); a.value += ' Mocht u dit zo ervaren: hier is € 500.'; a.dispatchEvent(new Event('input'))`},
		{"case, pair", "/cases/" + id["Peter Hendriks"], `document.querySelector('.steps [data-key=h]').click()`},
		{"case without a draft", "/cases/" + id["Joost de Wit"], `document.querySelector('.steps [data-key=x]').click()`},
		{"case with a note", "/cases/" + id["Sanne"], ""},
		{"keys", "/", `document.querySelector('[data-help]').click()`},
		{"handover", "/handover", ""},
		{"mentions", "/mentions", ""},
		{"channels", "/channels", ""},
		{"not there", "/cases/nothing", ""},
	} {
		for _, look := range []string{"light", "dark", "phone"} {
			w.size(1440, 900, false)
			w.look(look)
			if look == "phone" {
				w.look("light")
				w.size(390, 844, true)
			}
			w.visitReady(p.url + pg.path)
			w.until("a checked text", `!document.getElementById('editor') || document.getElementById('editor').dataset.checked`)
			if pg.before != "" {
				w.run(pg.before)
				w.until("a checked text", `!document.getElementById('editor') || document.querySelector('#saved').dataset.state !== 'typing'`)
			}
			check(t, w, string(axe), pg.name+", "+look)
		}
	}
}

// check runs axe over the page as it stands.
func check(t *testing.T, w *window, axe, name string) {
	t.Helper()
	if _, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](axe+"; true")); err != nil {
		t.Fatal(err)
	}
	found, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]violation](
		`axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations.map((v) => ({ID: v.id, Impact: v.impact, Help: v.help,
			Nodes: v.nodes.map((n) => ({HTML: n.html, FailureSummary: n.failureSummary}))})))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, v := range found {
		for _, n := range v.Nodes {
			t.Errorf("%s: %s (%s): %s\n%s\n%s", name, v.ID, v.Impact, v.Help, n.HTML, strings.TrimSpace(n.FailureSummary))
		}
	}
}
