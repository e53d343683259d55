package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// Lines that look like a program's and are the writer's, and the reverse.
func TestCut(t *testing.T) {
	for name, c := range map[string]struct{ in, text, history string }{
		"empty":               {"", "", ""},
		"only a quotation":    {"> a\n> b", "", "> a\n> b"},
		"sign-off stays":      {"De lamp is stuk.\n\nGroet,\nJan", "De lamp is stuk.\n\nGroet,\nJan", ""},
		"signature block":     {"De lamp is stuk.\n-- \nJan Bakker\nDirecteur", "De lamp is stuk.", "-- \nJan Bakker\nDirecteur"},
		"rule, not signature": {"De lamp is stuk.\n--\n" + strings.Repeat("En verder is er nog een lange klacht over de bezorging. ", 12), "De lamp is stuk.\n--\n" + strings.TrimSpace(strings.Repeat("En verder is er nog een lange klacht over de bezorging. ", 12)), ""},
		"more than":           {"Ik wacht\n> 3 weken\nop antwoord.", "Ik wacht\n> 3 weken\nop antwoord.", ""},
		"quoted figures":      {"> Wat is uw klantnummer?\n> 2e vraag\n\n12345", "12345", "> Wat is uw klantnummer?\n> 2e vraag"},
		"customer cites us": {"Op 3 maart 2025 schreef u:\n\nWij komen erop terug.\n\nDat is niet gebeurd.",
			"Op 3 maart 2025 schreef u:\n\nWij komen erop terug.\n\nDat is niet gebeurd.", ""},
		"customer cites with time": {"Op 3 maart 2025 om 14:15 schreef uw medewerker aan mij dat het goed kwam:\n\nniets dus.",
			"Op 3 maart 2025 om 14:15 schreef uw medewerker aan mij dat het goed kwam:\n\nniets dus.", ""},
		"English citing": {"On 3 March 2025 at 14:15 you wrote:\n\nwe will call back.\n\nNobody did.",
			"On 3 March 2025 at 14:15 you wrote:\n\nwe will call back.\n\nNobody did.", ""},
		"heading over three lines": {"Klopt.\n\nOp maandag 3 maart 2025 om 14:15\nheeft Voorbeeld Klantenservice\n<klacht@voorbeeld.nl> het volgende geschreven:\n\nBeste Jan",
			"Klopt.", "Op maandag 3 maart 2025 om 14:15\nheeft Voorbeeld Klantenservice\n<klacht@voorbeeld.nl> het volgende geschreven:\n\nBeste Jan"},
		"heading in bold": {"Klopt.\n\n*Van:* Voorbeeld <klacht@voorbeeld.nl>\n*Verzonden:* maandag 3 maart 2025 14:15\n*Aan:* Jan\n*Onderwerp:* x\n\nBeste Jan",
			"Klopt.", "*Van:* Voorbeeld <klacht@voorbeeld.nl>\n*Verzonden:* maandag 3 maart 2025 14:15\n*Aan:* Jan\n*Onderwerp:* x\n\nBeste Jan"},
		"heading with empty lines": {"Klopt.\n\nVan: Voorbeeld <klacht@voorbeeld.nl>\n\nVerzonden: maandag 3 maart 2025 14:15\n\nAan: Jan\n\nOnderwerp: x\n\nBeste Jan",
			"Klopt.", "Van: Voorbeeld <klacht@voorbeeld.nl>\n\nVerzonden: maandag 3 maart 2025 14:15\n\nAan: Jan\n\nOnderwerp: x\n\nBeste Jan"},
		"reply above this line": {"Prima.\n\n##- Typ je antwoord boven deze regel -##\n\nBeste Jan", "Prima.", "##- Typ je antwoord boven deze regel -##\n\nBeste Jan"},
		"two mobile lines": {"Nee.\n\nVerstuurd vanaf mijn iPad\nOutlook voor iOS downloaden<https://aka.ms/o0ukef>", "Nee.",
			"Verstuurd vanaf mijn iPad\nOutlook voor iOS downloaden<https://aka.ms/o0ukef>"},
		"mobile line above a name":   {"Nee.\nVerstuurd vanaf mijn iPhone\n\nJan", "Nee.\n\nJan", "Verstuurd vanaf mijn iPhone"},
		"sent by post":               {"Verzonden met PostNL op 3 maart.\nNooit aangekomen via de app.", "Verzonden met PostNL op 3 maart.\nNooit aangekomen via de app.", ""},
		"my phone is the complaint":  {"Mijn telefoon is stuk.\nVerstuurd is hij nooit.", "Mijn telefoon is stuk.\nVerstuurd is hij nooit.", ""},
		"answers between the lines":  {"> a?\nja\n> b?\nnee", "ja\n\nnee", "> a?\n\n> b?"},
		"Windows and old Mac breaks": {"een\r\ntwee\rdrie", "een\ntwee\ndrie", ""},
		"lines nobody sees":          {"een\u200btwee\u202e\x00", "eentwee", ""},
	} {
		got := Cut(c.in)
		if got.Text != c.text || got.History != strings.TrimRight(strings.ReplaceAll(c.history, "-- \n", "--\n"), " ") {
			t.Errorf("%s:\ntext    %q\nwant    %q\nhistory %q\nwant    %q", name, got.Text, c.text, got.History, c.history)
		}
	}
}

// A reply of ours that comes back quoted is cut off again, in each style.
func TestCutOwnReplies(t *testing.T) {
	for _, lang := range []string{"nl", "en"} {
		out := testReply()
		out.Latest.Language = lang
		cfg := testSender
		cfg.Quote = true
		m, err := Compose(out, cfg, testDate)
		if err != nil {
			t.Fatal(err)
		}
		got := Parse(m.Raw, Options{Brand: "voorbeeld"}).Message
		if got.Text != out.Draft.Text || !strings.Contains(got.History, "> "+out.Latest.Text) {
			t.Errorf("%s: text %q, history %q", lang, got.Text, got.History)
		}
	}
}

func FuzzCut(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(mails, "*.eml"))
	if err != nil || len(files) == 0 {
		f.Fatal("no mails to begin with", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		_, body := splitHeader(b)
		f.Add(string(body))
	}
	f.Fuzz(func(t *testing.T, in string) {
		s := Cut(in)
		if !utf8.ValidString(s.Text) || !utf8.ValidString(s.History) || strings.ContainsAny(s.Text+s.History, "\r\x00") {
			t.Errorf("unclean: %q %q", s.Text, s.History)
		}
		if s.Text != "" && s.Text == s.History {
			t.Errorf("text and history are the same: %q", s.Text)
		}
		if again := Cut(s.Text); len(again.Text) > len(s.Text) {
			t.Errorf("cutting again adds words: %q, %q", s.Text, again.Text)
		}
	})
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{"<p>a<br>b", "<blockquote><blockquote>a</blockquote>b", "<div hidden><div>x</div></div>y", "<pre>a\n b</pre>", "<!--x--><li>a<td>b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, page string) {
		if got := htmlText(strings.ToValidUTF8(page, "")); len(got) > 40*len(page)+100 {
			t.Errorf("%d bytes became %d", len(page), len(got))
		}
	})
}

func TestHTML(t *testing.T) {
	for page, want := range map[string]string{
		"<p>een</p><p>twee</p>":                                              "een\n\ntwee",
		"een<br>twee<br><br>drie":                                            "een\ntwee\n\ndrie",
		"<div>een</div><div><br></div><div>twee</div>":                       "een\n\ntwee",
		"a <b>b</b> c\n d<i>e</i>":                                           "a b c de",
		"<ul><li>a</li><li>b</li></ul>":                                      "- a\n- b",
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>":    "a b\nc",
		"<blockquote>a<br>b<blockquote>c</blockquote></blockquote>d":         "> a\n> b\n>> c\n\nd",
		"<pre>a\n  b</pre>c":                                                 "a\n  b\nc",
		"<p style='display: none'>x</p><span hidden>y</span>z":               "z",
		"<style>p{}</style><script>x</script><title>t</title>z":              "z",
		"5 &lt; 6 &amp;amp; &euro;&nbsp;7":                                   "5 < 6 &amp; € 7",
		"goed <img src=x alt=😀> <img alt='logo van ons'>":                    "goed 😀",
		"</blockquote></div>los<p":                                           "los",
		"<div style=\"font-size:0\"><div>x</div></div>y<br hidden>w":         "y\nw",
		"<p class=MsoNormal>een</p><p class=MsoNormal>&nbsp;</p><p>twee</p>": "een\n\ntwee",
	} {
		if got := htmlText(page); got != want {
			t.Errorf("%s:\n%q\nwant\n%q", page, got, want)
		}
	}
}
