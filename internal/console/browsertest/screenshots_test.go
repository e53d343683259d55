package browsertest

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// shots is where screenshots go; git ignores all but those of README.md.
const shots = "../../../testdata/screenshots"

// readme takes the two of README.md anew: they are committed, and otherwise
// left alone.
var readme = flag.Bool("readme", false, "take the screenshots of README.md anew")

// ofReadme are the screenshots that README.md shows, and under which names.
var ofReadme = map[string]string{"queue-dark": "readme-queue", "case-light": "readme-case"}

// sample fills a program with the kinds of cases a team sees.
func sample(t testing.TB, p *program) {
	t.Helper()
	messages := []message{
		{Channel: "x", Visibility: "public", Author: map[string]string{"name": "Joost de Wit", "handle": "joostdw"}, Text: "Al drie kwartier in de wacht bij @voorbeeld. Lekker bezig, top service hoor. Wanneer neemt er iemand op?"},
		{Channel: "facebook", Visibility: "public", Author: map[string]string{"name": "Peter Hendriks"}, Text: "Drie keer beloofd dat de monteur zou komen, drie keer niemand. Mijn moeder van 84 zit sinds maandag zonder verwarming. Wat gaan jullie hieraan doen?"},
		{Channel: "email", Visibility: "private", Subject: "Dubbel afgeschreven", Author: map[string]string{"name": "Marleen Kuiper", "address": "m.kuiper@example.org"}, Text: "Beste klantenservice,\n\nIn oktober is er twee keer € 64,95 van mijn rekening afgeschreven voor bestelling 20931-77. Ik heb hier al twee keer over gemaild en kreeg alleen een automatisch antwoord. De medewerker in de winkel was overigens heel vriendelijk.\n\nIk wil het bedrag deze week terug.\n\nMarleen Kuiper"},
		{Channel: "mastodon", Visibility: "public", Author: map[string]string{"name": "Lotte", "handle": "lotte@mastodon.nl"}, Text: "Vierde keer mijn klantverhaal verteld aan de vierde medewerker. Leest daar iemand het dossier?"},
		{Channel: "review", Visibility: "public", Author: map[string]string{"name": "R. Timmerman"}, Text: "De wasmachine kwam met een deuk. Zelf moest ik foto's maken, een formulier printen en alles op de post doen. Bezorgers waren wel aardig."},
		{Channel: "email", Visibility: "private", Subject: "Laatste aanmaning van mijn kant", Author: map[string]string{"name": "Karel Smit", "address": "karel@example.org"}, Text: "De levering van 3 november is nog steeds niet gekomen en niemand belt terug. Als ik vrijdag niets hoor, schakel ik mijn advocaat in."},
		{Channel: "bluesky", Visibility: "public", Author: map[string]string{"name": "Thomas", "handle": "thomas.example"}, Text: "Pakket zou vandaag komen tussen 8 en 22 uur. De hele dag thuisgebleven, niemand gezien."},
		{Channel: "x", Visibility: "public", Author: map[string]string{"name": "Sanne", "handle": "sanneloopt"}, Text: "Dank voor de snelle hulp vandaag, @voorbeeld! Binnen tien minuten geregeld."},
	}
	for i, m := range messages {
		m.Thread = fmt.Sprint("sample-", i)
		p.send(m)
	}
	eventually(t, "every case before a person", func() bool { return len(p.cases("in_review,attention,ignored")) == len(messages) })
}

// TestScreenshots takes every page, light, dark and on a telephone. Two of
// them stand in README.md; git ignores the others.
func TestScreenshots(t *testing.T) {
	w := open(t)
	w.quiet = true // the page that is not there is reported on the console
	d := newDay(t)
	w.visitReady(d.url + "/")
	save(t, w, "first-run-light")
	hook := d.hook()
	id := d.fill(6)
	for _, test := range []error{d.token("CRM"), d.note(id["Peter Hendriks"], "@Noor de monteur zit om de hoek, ik heb hem gebeld.")} {
		if test != nil {
			t.Fatal(test)
		}
	}
	page := func(name string) string { return "/cases/" + string(id[name]) }
	for _, s := range []struct {
		name, path, before string
	}{
		{"queue", "/", ""},
		{"queue-filter", "/?urgency=high", `document.querySelector('.filter').open = true`},
		{"queue-chosen", "/", `for (const b of [...document.querySelectorAll('[name=case]')].slice(2, 5)) b.click()`},
		{"mentions", "/mentions", ""},
		{"case", page("Frits van Aken"), ""},
		{"case-post", page("Moniek de Graaf"), `for (const d of document.querySelectorAll('.fold, .picker')) d.open = true`},
		{"case-steps", page("Peter Hendriks"), `document.querySelector('.steps [data-key=s]').click()`},
		{"case-findings", page("Marleen Kuiper"), `const a = document.getElementById('text'); a.value = 'Geachte heer Smit,\n\nMocht u dit vervelend vinden: bel ons op 0900-1234. U krijgt € 500 terug.\n\nNoor'; a.dispatchEvent(new Event('input'))`},
		{"me", "/", `document.querySelector('.me').open = true`},
		{"keys", "/", `document.querySelector('[data-help]').click()`},
		{"empty", "/?channel=linkedin", ""},
		{"handover", "/handover", ""},
		{"insights", "/insights", ""},
		{"insights-late", "/insights?by=main:late&days=90", ""},
		{"figure", "/insights/cases?days=30&what=friction/late", ""},
		{"promises", "/promises", ""},
		{"orders", "/orders?all=1", ""},
		{"webhooks", "/settings/webhooks", ""},
		{"webhook", "/settings/webhooks/" + hook, ""},
		{"tokens", "/settings/tokens", ""},
		{"sources", "/settings/sources", ""},
		{"channels", "/channels", ""},
		{"error", "/cases/nothing", ""},
	} {
		for _, look := range []string{"light", "dark", "phone"} {
			height := int64(850)
			if s.name == "insights" {
				height = 2700 // all of it
			}
			w.size(1360, height, false)
			w.look(look)
			if look == "phone" {
				w.look("light")
				w.size(390, 844, true)
			}
			w.visitReady(d.url + s.path)
			w.until("a checked text", `!document.getElementById('editor') || document.getElementById('editor').dataset.checked`)
			if s.before != "" {
				w.run(s.before)
			}
			if s.name == "case-findings" {
				w.until("findings", `document.querySelectorAll('.findings li').length > 2`)
			}
			save(t, w, s.name+"-"+look)
		}
	}
}

func save(t testing.TB, w *window, name string) {
	t.Helper()
	shot, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(shots, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(shots, name+".png"), shot, 0o644); err != nil {
		t.Fatal(err)
	}
	if len(shot) < 5000 {
		t.Errorf("%s: %d bytes: an empty page", name, len(shot))
	}
	if as := ofReadme[name]; as != "" && *readme {
		shot = small(t, shot)
		if len(shot) > 200_000 {
			t.Errorf("%s: %d bytes", as, len(shot))
		}
		if err := os.WriteFile(filepath.Join(shots, as+".png"), shot, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// small writes a screenshot in its 256 commonest colours, each pixel in the
// nearest.
func small(t testing.TB, shot []byte) []byte {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	count := map[color.Color]int{}
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			count[img.At(x, y)]++
		}
	}
	common := slices.SortedFunc(maps.Keys(count), func(p, q color.Color) int { return count[q] - count[p] })
	out := image.NewPaletted(b, color.Palette(common[:min(256, len(common))]))
	index := map[color.Color]uint8{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := img.At(x, y)
			i, ok := index[c]
			if !ok {
				i = uint8(out.Palette.Index(c))
				index[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	var to bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&to, out); err != nil {
		t.Fatal(err)
	}
	return to.Bytes()
}
