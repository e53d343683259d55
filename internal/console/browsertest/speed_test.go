package browsertest

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"
)

// maxWeight is what a page with all it brings may weigh on the wire.
const maxWeight = 60_000

// TestWeightAndCalm: pages are light, nothing jumps while they load, and what
// one types or presses answers within 100 ms.
func TestWeightAndCalm(t *testing.T) {
	p := start(t)
	for i := range 40 {
		p.send(late(fmt.Sprintf("Klant %d de Groot", i)))
	}
	id := p.drafted(40)[7].ID
	for name, path := range map[string]string{"queue": "/", "case": "/cases/" + id} {
		w := open(t)
		w.visitReady(p.url + path)
		w.run(`window.shift = 0; new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.shift += e.value }).observe({type: 'layout-shift', buffered: true})`)
		w.until("a checked text", `!document.getElementById('editor') || document.getElementById('editor').dataset.checked`)
		time.Sleep(300 * time.Millisecond)
		weight := eval[int](w, `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((n, e) => n + (e.transferSize || e.encodedBodySize), 0)`)
		shift := eval[float64](w, `window.shift`)
		t.Logf("%s: %d bytes on the wire, layout shift %.4f", name, weight, shift)
		if weight == 0 || weight > maxWeight {
			t.Errorf("%s weighs %d bytes, at most %d", name, weight, maxWeight)
		}
		if shift > 0 {
			t.Errorf("%s shifts by %f while it loads", name, shift)
		}
	}
}

// TestInteraction measures from a key to the next paint.
func TestInteraction(t *testing.T) {
	p := start(t)
	for i := range 40 {
		p.send(late(fmt.Sprintf("Klant %d de Groot", i)))
	}
	id := p.drafted(40)[3].ID
	w := open(t)
	observe := `window.took = []; new PerformanceObserver((l) => { for (const e of l.getEntries()) if (e.interactionId) window.took.push(e.duration) }).observe({type: 'event', durationThreshold: 16, buffered: true})`
	worst := func(name string) {
		time.Sleep(300 * time.Millisecond) // entries come after the paint
		took := eval[[]float64](w, `window.took`)
		slices.Sort(took)
		slow := 0.0
		if n := len(took); n > 0 {
			slow = took[(n-1)*98/100]
		}
		t.Logf("%s: 98th percentile of %d interactions over 16 ms: %.0f ms", name, len(took), slow)
		if slow > 100 && !busyMachine() {
			t.Errorf("%s: interaction to next paint %.0f ms", name, slow)
		}
	}
	w.visitReady(p.url + "/")
	w.run(observe)
	for range 20 {
		w.press("jx")
	}
	worst("queue")
	w.visitReady(p.url + "/cases/" + id)
	w.run(observe)
	w.press("e")
	w.press("Zo typt iemand een hele zin in het antwoord.")
	w.press(escape)
	w.press("vds" + escape + "?" + escape)
	worst("case")
}

// busyMachine reports whether others use more than this machine has: then
// times of a browser say nothing about the page.
func busyMachine() bool {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return false
	}
	var load float64
	if _, err := fmt.Sscan(string(b), &load); err != nil {
		return false
	}
	return load > 2*float64(runtime.NumCPU())
}
