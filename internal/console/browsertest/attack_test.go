package browsertest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// payloads are what attackers write into texts and names.
var payloads = []string{
	`<script>window.hacked=1</script>`,
	`"><img src=x onerror="window.hacked=1">`,
	`'><svg onload=window.hacked=1>`,
	`</textarea><script>window.hacked=1</script>`,
	`</title><script>window.hacked=1</script>`,
	`javascript:window.hacked=1`,
	`<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>`,
	`<a href="javascript:window.hacked=1" id=click>klik</a>`,
	`{{constructor.constructor('window.hacked=1')()}}`,
	`<form action=//evil.example><input name=text autofocus onfocus=window.hacked=1>`,
	`<style>@import '//evil.example/x.css'</style>`,
	"\u202e<b onmouseover=window.hacked=1>omgekeerd</b>",
}

// TestNothingRuns puts payloads where customers and colleagues can write, and
// visits every page that shows them.
func TestNothingRuns(t *testing.T) {
	p := start(t)
	for i, x := range payloads {
		p.send(message{Channel: "email", Thread: fmt.Sprint("attack-", i), Visibility: "private", Subject: x + " te laat",
			Author: map[string]string{"name": x, "address": fmt.Sprintf("a%d@example.org", i), "handle": x},
			Text:   "Mijn bestelling is al drie weken te laat en niemand belt terug. " + x})
	}
	eventually(t, "every case before a person", func() bool { return len(p.cases("in_review,attention,ignored")) == len(payloads) })
	w := open(t)
	safe := func(where string) {
		t.Helper()
		w.ready()
		if eval[bool](w, `window.hacked !== undefined`) {
			t.Fatalf("%s: a customer's text ran", where)
		}
		if n := eval[int](w, `document.querySelectorAll('main script, main iframe, main img, main style, main [onerror], main [onload], main [onfocus], main [onmouseover], a[href^="javascript:"]').length`); n != 0 {
			t.Errorf("%s: %d elements of a customer's text", where, n)
		}
	}
	w.visit(p.url + "/")
	safe("queue")
	for i, c := range p.cases("in_review,attention,ignored") {
		w.visitReady(p.url + "/cases/" + c.ID)
		w.until("a checked text", `!document.getElementById('editor') || document.getElementById('editor').dataset.checked`)
		safe("case " + c.Subject)
		w.run(`for (const d of document.querySelectorAll('details:not(.menu)')) d.open = true;
			const a = document.getElementById('text'); if (a) { a.value = ` + "`" + strings.ReplaceAll(payloads[i], "`", "") + "`" + `; a.dispatchEvent(new Event('input')) }`)
		if eval[bool](w, `!!document.getElementById('editor')`) {
			w.until("the changes shown", `document.querySelector('#diff del, #diff ins')`)
		}
		safe("typed into " + c.Subject)
		w.press(escape)
		w.press("n")
		w.press("@" + payloads[i] + enter)
		w.until("the note", `document.querySelector('.note')`)
		safe("note on " + c.Subject)
	}
	for _, x := range payloads {
		w.visit(p.url + "/?q=" + url.QueryEscape(x) + "&tag=" + url.QueryEscape(x) + "&friction=" + url.QueryEscape(x))
		safe("search for " + x)
	}
	w.visit(p.url + "/cases/" + url.PathEscape(payloads[1]))
	safe("a case that is not there")
}

// TestPolicyBlocks: even markup that got into a page does not run.
func TestPolicyBlocks(t *testing.T) {
	p := start(t)
	w := open(t)
	w.visitReady(p.url + "/")
	w.quiet = true
	w.run(`const s = document.createElement('div'); try { s.innerHTML = '<img src=x onerror="window.hacked=1">' } catch { window.refused = 1 }
		document.body.append(s);
		const b = document.createElement('button'); try { b.setAttribute('onclick', 'window.hacked=1') } catch { window.refused++ } document.body.append(b); b.click();
		const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = 'https://evil.example/x.css'; document.head.append(l)`)
	w.until("the markup refused", `window.refused === 2`)
	if eval[bool](w, `window.hacked !== undefined`) {
		t.Error("markup put into the page ran")
	}
}
