package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long a person would wait on this machine.
const patience = 40 * time.Second

var (
	chrome     context.Context
	stopChrome = func() {}
	launch     sync.Once
	launchErr  error
)

func TestMain(m *testing.M) {
	code := m.Run()
	stopChrome()
	if file, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(file))
	}
	os.Exit(code)
}

// chromium finds the browser.
func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

// window is one browser window with cookies of its own.
type window struct {
	t        testing.TB
	ctx      context.Context
	mu       sync.Mutex
	problems []string // errors on the console, refused by the policy, dialogs
	quiet    bool     // problems are part of the test
}

// open opens a window, in a browser that all tests share.
func open(t testing.TB) *window {
	t.Helper()
	path, err := chromium()
	if err != nil {
		t.Skip("needs browser: apt-get install chromium")
	}
	launch.Do(func() {
		flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
			chromedp.Flag("accept-lang", "nl"), chromedp.WSURLReadTimeout(time.Minute))
		alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), flags...)
		ctx, stop := chromedp.NewContext(alloc)
		chrome, stopChrome = ctx, func() { stop(); stopAlloc() }
		launchErr = chromedp.Do(ctx)
	})
	if launchErr != nil {
		t.Fatal(launchErr)
	}
	w := &window{t: t}
	ctx, cancel := chromedp.NewContext(chrome, chromedp.WithNewBrowserContext())
	w.ctx = ctx
	t.Cleanup(func() {
		cancel()
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.quiet {
			for _, p := range w.problems {
				t.Errorf("in the browser: %s", p)
			}
		}
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, w.listen); err != nil {
		t.Fatal(err)
	}
	w.size(1440, 900, false)
	return w
}

// call runs a command of the browser's protocol.
func call[P, R any](w *window, cmd cdp.Command[P, R], params P) R {
	w.t.Helper()
	r, err := chromedp.Call(w.ctx, cmd, params)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// noScripts switches scripts off.
func (w *window) noScripts() {
	w.t.Helper()
	call(w, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

func (w *window) listen(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		w.problems = append(w.problems, fmt.Sprintf("%s %v", ev.ExceptionDetails.Text, ev.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.ConsoleAPICalledTypeError {
			b, _ := json.Marshal(ev.Args)
			w.problems = append(w.problems, string(b))
		}
	case *page.EventJavascriptDialogOpening:
		w.problems = append(w.problems, "dialog: "+ev.Message)
		go func() {
			_, _ = chromedp.Call(w.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}()
	}
}

// do runs steps within patience.
func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.t.Fatalf("%v\n%s", err, w.state())
	}
}

// ask evaluates an expression, for what may fail.
func ask[T any](w *window, expr string) (T, error) {
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expr))
}

// state is what the page shows, for the log of a failed test.
func (w *window) state() string {
	text, err := ask[string](w, `location.href + "\n" + document.body.innerText.slice(0, 3000)`)
	if err != nil {
		return err.Error()
	}
	return text
}

// eval returns what an expression is worth on the page.
func eval[T any](w *window, expr string) T {
	w.t.Helper()
	v, err := ask[T](w, expr)
	if err != nil {
		w.t.Fatalf("%s: %v", expr, err)
	}
	return v
}

// run executes a script for its effect.
func (w *window) run(script string) {
	w.t.Helper()
	eval[bool](w, "(() => { "+script+"; return true })()")
}

// until waits for what a person would see.
func (w *window) until(what, expr string) {
	w.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		ok, err := ask[bool](w, "!!("+expr+")") // a page on its way answers with an error
		if err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("never seen: %s (%v)\n%s", what, err, w.state())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (w *window) visit(url string) {
	w.t.Helper()
	w.do(chromedp.Navigate(url))
}

// ready waits until the page's scripts are there.
func (w *window) ready() {
	w.t.Helper()
	w.until("a page with its scripts", `document.documentElement.dataset.ready !== undefined`)
}

// visitReady goes to a page and waits for its scripts.
func (w *window) visitReady(url string) {
	w.t.Helper()
	w.visit(url)
	w.ready()
}

// press presses keys as a keyboard does: a key that the page takes types
// nothing.
func (w *window) press(keys string) {
	w.t.Helper()
	for _, r := range keys {
		k := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: string(r), Text: string(r)}
		switch string(r) {
		case enter:
			k.Key, k.Code, k.WindowsVirtualKeyCode = "Enter", "Enter", 13
		case escape:
			k.Key, k.Code, k.Text, k.WindowsVirtualKeyCode = "Escape", "Escape", "", 27
		}
		call(w, input.DispatchKeyEvent, k)
		k.Type, k.Text = input.DispatchKeyEventTypeKeyUp, ""
		call(w, input.DispatchKeyEvent, k)
	}
}

const (
	enter  = kb.Enter
	escape = kb.Escape
)

// text is what an element shows.
func (w *window) text(selector string) string {
	w.t.Helper()
	return eval[string](w, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ""`, selector))
}

func (w *window) value(selector string) string {
	w.t.Helper()
	return eval[string](w, fmt.Sprintf(`document.querySelector(%q)?.value ?? ""`, selector))
}

// click clicks where an element is, once it stands still.
func (w *window) click(selector string) {
	w.t.Helper()
	w.until(selector, fmt.Sprintf(`document.readyState === 'complete' && document.querySelector(%q)?.checkVisibility()`, selector))
	at := eval[[]float64](w, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({block: 'center'});
		const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`, selector))
	w.do(chromedp.MouseClickXY(at[0], at[1]))
}

// path is the address of the page without host and query.
func (w *window) path() string {
	w.t.Helper()
	return eval[string](w, "location.pathname")
}

// look emulates light or dark, without motion.
func (w *window) look(scheme string) {
	w.t.Helper()
	call(w, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"}}})
}

func (w *window) size(width, height int64, mobile bool) {
	w.t.Helper()
	call(w, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: mobile})
}

// crash ends the page as a crash of the browser would: no event of leaving fires.
func (w *window) crash() {
	ctx, cancel := context.WithTimeout(w.ctx, 2*time.Second)
	defer cancel()
	_, _ = chromedp.Call(ctx, page.Crash, cdp.Empty{}) // a page that crashed does not answer
}

// hover moves the mouse over an element.
func hover(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.QueryAfter(selector, func(ctx context.Context, t *chromedp.Target, nodes []*chromedp.Node) (chromedp.Void, error) {
		var none chromedp.Void
		box, err := chromedp.Dimensions(selector)(ctx, t)
		if err != nil {
			return none, err
		}
		x, y := (box.Content[0]+box.Content[2])/2, (box.Content[1]+box.Content[5])/2
		return chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y)(ctx, t)
	}, chromedp.NodeVisible)
}
