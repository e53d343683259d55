package browsertest

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// office is a program with accounts.
func office(t *testing.T) *program {
	t.Helper()
	id := startProvider(t)
	addr := freePort(t)
	p := &program{t: t, dir: t.TempDir(), env: id.env("http://" + addr)}
	p.run(addr)
	t.Cleanup(p.kill)
	return p
}

// as signs a person in.
func (w *window) as(p *program, who string) {
	w.t.Helper()
	w.visit(p.url + "/")
	w.until("the provider's page", `document.getElementById('`+who+`')`)
	w.click("#" + who)
}

// TestSignIn: nobody gets in without an account, and without a role nobody
// sees a case.
func TestSignIn(t *testing.T) {
	p := office(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for path, want := range map[string]int{"/": 303, "/cases/x": 303, "/api/v1/cases": 401, "/live": 401} {
		res, err := client.Get(p.url + path)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d: %s", path, res.StatusCode, want, b)
		}
	}
	w := open(t)
	w.as(p, "iris")
	w.until("the queue", `document.querySelector('.queue-page')`)
	if got := w.text(".me .who"); got != "Iris" {
		t.Errorf("signed in as %q", got)
	}
	if got := eval[string](w, `document.cookie`); strings.Contains(got, "session") {
		t.Errorf("scripts can read the session: %q", got)
	}
	w.click(".me summary")
	w.click("form[action='/signout'] button")
	w.until("signed out", `location.pathname === '/signedout'`)
	w.visit(p.url + "/handover")
	w.until("the provider's page again", `document.getElementById('iris')`)
	guest := open(t)
	guest.as(p, "gast")
	guest.until("no role", `document.body.innerText.includes('no role')`)
}

// TestTwoBrowsers: two colleagues see each other, nobody's text is lost, and
// what takes a senior is approved by a second pair of eyes.
func TestTwoBrowsers(t *testing.T) {
	p := office(t)
	iris, sem := open(t), open(t)
	iris.as(p, "iris")
	iris.until("the queue", `document.querySelector('.queue-page')`)
	sem.as(p, "sem")
	sem.until("the queue", `document.querySelector('.queue-page')`)
	p.send(message{Channel: "email", Thread: "two", Visibility: "private", Subject: "Dubbel afgeschreven", Author: map[string]string{"name": "Marleen Kuiper", "address": "m.kuiper@example.org"},
		Text: "In oktober is er twee keer € 64,95 van mijn rekening afgeschreven voor bestelling 20931-77. Ik wil het bedrag deze week terug."})
	iris.until("the case, drafted", `document.querySelector('.row .chip.friction')`)
	sem.until("the case, drafted", `document.querySelector('.row .chip.friction')`)
	iris.ready()
	iris.press("j" + enter)
	iris.until("signed with her name", `document.getElementById('editor')?.querySelector('small').textContent.includes('Iris')`)
	sem.until("Iris at work, in the queue", `document.querySelector('.row .face.here')?.textContent.includes('Iris')`)
	sem.press("j" + enter)
	sem.until("Iris at work, on the case", `document.getElementById('presence')?.innerText.includes('Iris')`)
	iris.until("Sem at work", `document.getElementById('presence')?.innerText.includes('Sem')`)

	iris.until("a checked text", `document.getElementById('editor')?.dataset.checked`)
	if iris.value("#text") == "" || !eval[bool](iris, `document.querySelector('button.may').hidden`) {
		t.Errorf("an agent is offered to approve what takes a senior: %s", iris.text("#side"))
	}
	sem.until("a checked text", `document.getElementById('editor')?.dataset.checked`)
	sem.press("e")
	sem.press(" Dit typte Sem.")
	sem.until("kept", `document.getElementById('saved').dataset.state === 'saved'`)

	override(iris)
	iris.press("p")
	iris.until("proposed", `location.pathname === '/'`)
	sem.until("told that it changed", `document.querySelector('#toast p')`)
	if got := sem.value("#text"); !strings.Contains(got, "Dit typte Sem.") {
		t.Fatalf("the other's text is lost: %q", got)
	}
	sem.press(escape)
	sem.press(".")
	sem.until("the proposal", `document.body.innerText.includes('legt dit antwoord voor')`)
	if got := sem.value("#text"); !strings.Contains(got, "Dit typte Sem.") {
		t.Fatalf("after looking again the text is lost: %q", got)
	}
	sem.ready()
	sem.until("a checked text", `document.getElementById('editor').dataset.checked`)
	override(sem)
	sem.press("a")
	sem.until("approved by a second pair of eyes", `document.querySelector('.done .countdown')`)
}
