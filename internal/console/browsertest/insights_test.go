package browsertest

import (
	"errors"
	"os"
	"testing"
)

// TestInsightsAccessible: axe-core finds nothing on the pages of figures,
// ledgers and settings, light and dark and on a telephone.
func TestInsightsAccessible(t *testing.T) {
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Skip("needs browser: npm pack axe-core@4.14.1, and its axe.min.js in .tools/axe/")
	}
	w := open(t)
	d := newDay(t)
	hook := d.hook()
	id := d.fill(1)
	if err := errors.Join(d.token("CRM"), d.note(id["Peter Hendriks"], "@Noor de monteur zit om de hoek.")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/insights", "/insights?days=365", "/insights?by=main:late", "/insights/cases?days=30&what=contact", "/promises", "/orders?all=1",
		"/mentions", "/settings/webhooks", "/settings/webhooks/" + hook, "/settings/tokens", "/settings/sources", "/channels"} {
		for _, look := range []string{"light", "dark", "phone"} {
			w.size(1440, 900, false)
			w.look(look)
			if look == "phone" {
				w.look("light")
				w.size(390, 844, true)
			}
			w.visitReady(d.url + path)
			check(t, w, string(axe), path+", "+look)
		}
	}
}
