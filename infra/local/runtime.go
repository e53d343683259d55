package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// function is one Lambda function: a process that asks the Runtime API for its
// next event and posts what came of it (Lambda Developer Guide, "Using the
// Lambda runtime API for custom runtimes").
type function struct {
	name    string
	binary  string
	env     []string
	timeout time.Duration
	log     io.Writer
	addr    string
	next    chan *invocation
	mu      sync.Mutex
	waiting map[string]*invocation
	cmd     *exec.Cmd
	started time.Time
	// Init is how long the process took to ask for its first event.
	init time.Duration
	// busy is how long all invocations took, and how many there were.
	busy  time.Duration
	calls int
}

type invocation struct {
	id       string
	payload  []byte
	deadline time.Time
	answer   chan answer
}

type answer struct {
	body []byte
	err  error
}

// start opens the function's Runtime API; the process is started on first use.
func (f *function) start(ctx context.Context) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	f.addr, f.next, f.waiting = ln.Addr().String(), make(chan *invocation), map[string]*invocation{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", f.serveNext)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{outcome}", f.serveOutcome)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go srv.Serve(ln) // ends with Close
	context.AfterFunc(ctx, func() { srv.Close(); f.kill() })
	return nil
}

func (f *function) serveNext(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	if f.init == 0 {
		f.init = time.Since(f.started)
	}
	f.mu.Unlock()
	select {
	case <-r.Context().Done():
	case inv := <-f.next:
		f.mu.Lock()
		f.waiting[inv.id] = inv
		f.mu.Unlock()
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", inv.id)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:"+f.name)
		_, _ = w.Write(inv.payload) // a process that died meanwhile is seen by its invocation
	}
}

func (f *function) serveOutcome(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	inv := f.waiting[r.PathValue("id")]
	delete(f.waiting, r.PathValue("id"))
	f.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if inv != nil {
		a := answer{body, err}
		if r.PathValue("outcome") == "error" {
			a.err = errors.New(string(body))
		}
		inv.answer <- a
	}
	w.WriteHeader(http.StatusAccepted)
}

// invoke gives the function one event. A process that dies or takes too long
// is an error, and the next event gets a new one, as on Lambda.
func (f *function) invoke(ctx context.Context, payload []byte) ([]byte, error) {
	died, err := f.ensure()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.busy, f.calls = f.busy+time.Since(began), f.calls+1
	}()
	inv := &invocation{id: rand.Text(), payload: payload, deadline: time.Now().Add(f.timeout), answer: make(chan answer, 1)}
	late := time.NewTimer(f.timeout)
	defer late.Stop()
	next := f.next
	for {
		select {
		case next <- inv:
			next = nil
		case a := <-inv.answer:
			return a.body, a.err
		case <-died:
			return nil, fmt.Errorf("%s: the process died", f.name)
		case <-late.C:
			f.kill()
			return nil, fmt.Errorf("%s: timed out after %s", f.name, f.timeout)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

var processes = struct {
	sync.Mutex
	died map[*exec.Cmd]chan struct{}
}{died: map[*exec.Cmd]chan struct{}{}}

// ensure starts the process if none runs, and returns what closes when it dies.
func (f *function) ensure() (<-chan struct{}, error) {
	processes.Lock()
	defer processes.Unlock()
	if f.cmd != nil {
		if died, ok := processes.died[f.cmd]; ok {
			return died, nil
		}
	}
	cmd := exec.Command(f.binary)
	cmd.Env = append(append(os.Environ(), f.env...), "AWS_LAMBDA_RUNTIME_API="+f.addr, "AWS_LAMBDA_FUNCTION_NAME="+f.name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256")
	cmd.Stdout, cmd.Stderr = f.log, f.log
	f.mu.Lock()
	f.started = time.Now()
	f.mu.Unlock()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	died := make(chan struct{})
	f.cmd, processes.died[cmd] = cmd, died
	go func() {
		_ = cmd.Wait() // that it ended is all that matters
		processes.Lock()
		delete(processes.died, cmd)
		processes.Unlock()
		close(died)
	}()
	return died, nil
}

// kill ends the process as a crash would.
func (f *function) kill() {
	processes.Lock()
	defer processes.Unlock()
	if f.cmd != nil && f.cmd.Process != nil {
		_ = f.cmd.Process.Kill() // it may be gone
	}
}
