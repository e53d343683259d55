package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// kills is how often the kill test kills the program.
var kills = flag.Int("kills", 6, "how often to kill -9 the program in TestKill")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"onebox": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: false})
}

// binary builds the real program once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "onebox-test-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "onebox")
	out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return file, nil
})

// process is the running program.
type process struct {
	cmd  *exec.Cmd
	addr string
	log  *os.File
}

// freePort returns a loopback address that nobody listens on just now.
func freePort(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// start runs the program and waits until it is ready.
func start(t testing.TB, env []string, args ...string) *process {
	t.Helper()
	return startAt(t, freePort(t), env, args...)
}

func startAt(t testing.TB, addr string, env []string, args ...string) *process {
	t.Helper()
	file, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{addr: addr, cmd: exec.Command(file, args...)}
	p.cmd.Args = append(p.cmd.Args, "--listen", p.addr)
	p.cmd.Env = append(os.Environ(), env...)
	if p.log, err = os.CreateTemp(t.TempDir(), "log"); err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		res, err := http.Get("http://" + p.addr + "/readyz")
		if err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return p
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	b, _ := os.ReadFile(p.log.Name())
	t.Fatalf("the program is not ready after 10 s:\n%s", b)
	return nil
}

// kill ends the program as a power cut would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself; Wait tells
	_ = p.cmd.Wait()
	_ = p.log.Close()
}

// eventually waits until ok answers true.
func eventually(ctx context.Context, t testing.TB, what string, ok func() bool) {
	t.Helper()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("not in time: %s", what)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
