package browsertest

import (
	"fmt"
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

// TestInteraction measures from a key to the next paint, and logs what browsers
// report as INP, the 98th percentile. It is the median that must hold: one
// interaction among others' work says nothing about the page.
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
		n := len(took)
		if n == 0 {
			return // all within one frame
		}
		t.Logf("%s: of %d interactions over 16 ms the median is %.0f ms, the 98th percentile %.0f ms", name, n, took[n/2], took[(n-1)*98/100])
		if took[n/2] > 100 {
			t.Errorf("%s: interaction to next paint %.0f ms in the median", name, took[n/2])
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
