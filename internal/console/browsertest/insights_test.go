package browsertest

import (
	"os"
	"testing"
	"time"
)

// TestInsightsAccessible: axe-core finds nothing on the pages of figures and
// ledgers, light and dark and on a telephone.
func TestInsightsAccessible(t *testing.T) {
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Skip("needs browser: npm pack axe-core@4.14.1, and its axe.min.js in .tools/axe/")
	}
	p := start(t)
	w := open(t)
	sample(t, p)
	time.Sleep(time.Second) // the relay counts
	for _, path := range []string{"/insights", "/insights?days=365", "/insights?by=main:late", "/insights/cases?days=30&what=contact", "/promises", "/orders?all=1"} {
		for _, look := range []string{"light", "dark", "phone"} {
			w.size(1440, 900, false)
			w.look(look)
			if look == "phone" {
				w.look("light")
				w.size(390, 844, true)
			}
			w.visitReady(p.url + path)
			check(t, w, string(axe), path+", "+look)
		}
	}
}
