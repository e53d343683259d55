package feed_test

import (
	"strings"
	"testing"

	"webcare.example/responder/internal/channel/feed"
)

func TestArticle(t *testing.T) {
	body := "<p>Drie weken lang belde mevrouw De Wit met de bezorger, en elke keer kreeg ze een ander antwoord.</p><p>Uiteindelijk stond het pakket bij de buren, die op vakantie waren.</p>"
	for name, tc := range map[string]struct{ page, want, not string }{
		"article":    {"<nav><p>Menu</p></nav><article><h1>Kop</h1>" + body + "</article><footer><p>Colofon van de krant met heel veel woorden erin</p></footer>", "bij de buren", "Colofon"},
		"bare divs":  {"<div id=menu><a>x</a></div><div class=inhoud>" + body + "</div><div><p>Lees ook</p></div>", "ander antwoord", "Lees ook"},
		"no article": {"<p>Kort.</p>", "", "Kort"},
		"broken":     {strings.Repeat("<div>", 3000) + body, "", "xxxx"},
		"empty":      {"", "", "x"},
	} {
		got := feed.Article(tc.page)
		if !strings.Contains(got, tc.want) || strings.Contains(got, tc.not) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
