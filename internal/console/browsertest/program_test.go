package browsertest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"webcare.example/responder/internal/webhook"
)

const hookSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// binary builds the real program once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "browsertest-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "onebox")
	out, err := exec.Command("go", "build", "-o", file, "../../../functions/onebox").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return file, nil
})

// program is the running responder.
type program struct {
	t   testing.TB
	dir string
	url string
	env []string
	cmd *exec.Cmd
	log *os.File
}

// start runs the program on a new folder and waits until it is ready.
func start(t testing.TB, env ...string) *program {
	t.Helper()
	p := &program{t: t, dir: t.TempDir(), env: env}
	p.run(freePort(t))
	t.Cleanup(p.kill)
	return p
}

func freePort(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

func (p *program) run(addr string) {
	p.t.Helper()
	file, err := binary()
	if err != nil {
		p.t.Fatal(err)
	}
	p.url = "http://" + addr
	p.cmd = exec.Command(file, "serve", "--data", p.dir, "--smtp", "", "--listen", addr)
	p.cmd.Env = append(append(os.Environ(), "WEBCARE_HOOK_SECRETS="+hookSecret, "WEBCARE_UNDO=20s"), p.env...)
	if p.log, err = os.CreateTemp(p.t.TempDir(), "log"); err != nil {
		p.t.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	for range 1200 {
		res, err := http.Get(p.url + "/readyz")
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(25 * time.Millisecond)
	}
	b, _ := os.ReadFile(p.log.Name())
	p.t.Fatalf("the program is not ready:\n%s", b)
}

// kill ends the program as a power cut would.
func (p *program) kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself; Wait tells
	_ = p.cmd.Wait()
	_ = p.log.Close()
}

// restart kills the program and runs it again on the same folder and address.
func (p *program) restart() {
	p.t.Helper()
	p.kill()
	p.run(p.url[len("http://"):])
}

var ids atomic.Int64

// message is what a customer writes.
type message struct {
	ID         string            `json:"id"`
	Channel    string            `json:"channel"`
	Thread     string            `json:"thread"`
	Subject    string            `json:"subject,omitempty"`
	Text       string            `json:"text"`
	Visibility string            `json:"visibility"`
	Author     map[string]string `json:"author"`
}

// late is a complaint that the playbook drafts an answer to without cost.
func late(name string) message {
	n := ids.Add(1)
	return message{Channel: "email", Thread: fmt.Sprint("thread-", n), Visibility: "private", Subject: fmt.Sprint("Bestelling te laat, ", name),
		Author: map[string]string{"name": name, "address": fmt.Sprintf("klant%d@example.org", n)},
		Text:   fmt.Sprintf("Mijn bestelling %d-44 is al %d dagen te laat en niemand belt terug, hoewel dat was beloofd. Graag reactie.", 8100+n, 3+n%9)}
}

// send pushes a message through the signed hook.
func (p *program) send(m message) {
	p.t.Helper()
	if m.ID == "" {
		m.ID = fmt.Sprint("browser-", ids.Add(1))
	}
	body, err := json.Marshal(m)
	if err != nil {
		p.t.Fatal(err)
	}
	secret, err := webhook.ParseSecret(hookSecret)
	if err != nil {
		p.t.Fatal(err)
	}
	h, err := secret.Sign(m.ID, time.Now(), body)
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, p.url+"/hooks/messages", bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header = h
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusAccepted {
		b, _ := io.ReadAll(res.Body)
		p.t.Fatalf("hook: %d: %s", res.StatusCode, b)
	}
}

// kase is a case as the API shows it.
type kase struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	Subject   string `json:"subject"`
	Version   int64  `json:"version"`
	Authority string `json:"authority"`
	Author    struct {
		Name string `json:"name"`
	} `json:"author"`
	Draft struct {
		Text string `json:"text"`
	} `json:"draft"`
	Decisions []struct {
		What string `json:"what"`
		By   struct {
			Name string `json:"name"`
		} `json:"by"`
	} `json:"decisions"`
}

// get asks the API as a person on loopback would; token is for programs with accounts.
func (p *program) get(path, token string, to any) {
	p.t.Helper()
	req, err := http.NewRequest(http.MethodGet, p.url+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(res.Body)
		p.t.Fatalf("%s: %d: %s", path, res.StatusCode, b)
	}
	if err := json.NewDecoder(res.Body).Decode(to); err != nil {
		p.t.Fatal(err)
	}
}

// cases lists the cases of a status, in the order of the queue.
func (p *program) cases(status string) []kase {
	p.t.Helper()
	var out struct{ Cases []kase }
	p.get("/api/v1/cases?limit=200&status="+status, "", &out)
	return out.Cases
}

func (p *program) load(id string) kase {
	p.t.Helper()
	var k kase
	p.get("/api/v1/cases/"+id, "", &k)
	return k
}

// drafted waits until n cases await review and returns them.
func (p *program) drafted(n int) []kase {
	p.t.Helper()
	var out []kase
	eventually(p.t, fmt.Sprintf("%d cases in review", n), func() bool {
		out = p.cases("in_review")
		return len(out) >= n
	})
	return out
}

// eventually waits until ok answers true.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("not in time: %s", what)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
