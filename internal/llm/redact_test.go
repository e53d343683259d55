package llm_test

import (
	"errors"
	"strings"
	"testing"

	"webcare.example/responder/internal/llm"
	"webcare.example/responder/internal/webcare"
)

var jan = webcare.Author{Name: "Jan van der Velde", Handle: "@jvelde81", Address: "jan@velde.example"}

func known(lang string) llm.Known {
	return llm.Known{Language: lang, Author: jan, Ours: []string{"Voorbeeld"}, Public: []string{"Samira"}}
}

func TestRedact(t *testing.T) {
	for _, tt := range []struct{ name, lang, in, want string }{
		{"own name", "nl", "Ik ben Jan van der Velde. Groet, jan", "Ik ben [NAAM_1] [NAAM_2]. Groet, [NAAM_1]"},
		{"family name alone", "nl", "Meneer Velde wacht nog", "Meneer [NAAM_2] wacht nog"},
		{"small letters stay words", "nl", "in jan was het ook al zo, en nu weer een week", "in jan was het ook al zo, en nu weer een week"},
		{"staff", "nl", "Samira was geweldig", "[NAAM_3] was geweldig"},
		{"title stays", "nl", "Mevrouw Terpstra belde niet terug", "Mevrouw [NAAM_4] belde niet terug"},
		{"brand stays", "nl", "Beste Voorbeeld, @voorbeeld_help doet niets", "Beste Voorbeeld, @voorbeeld_help doet niets"},
		{"handles", "nl", "@jvelde81 en @truus_x vinden dit ook", "[GEBRUIKER_1] en [GEBRUIKER_2] vinden dit ook"},
		{"one number once", "nl", "Order 123456789, dus 123456789!", "Order [NUMMER_1], dus [NUMMER_1]!"},
		{"telephone", "nl", "Bel 06-12345678 of +31 6 12345678", "Bel [TELEFOON_1] of [TELEFOON_2]"},
		{"mail", "en", "Mail me at a.b+c@post.example please", "Mail me at [EMAIL_1] please"},
		{"account", "nl", "Op NL91 ABNA 0417 1643 00 graag", "Op [REKENING_1] graag"},
		{"address", "nl", "Ik woon Dorpsstraat 12a, 3511 AB Utrecht", "Ik woon [ADRES_1], [POSTCODE_1] Utrecht"},
		{"car", "nl", "Mijn auto RX-123-K staat er nog", "Mijn auto [KENTEKEN_1] staat er nog"},
		{"cue and car", "nl", "Kenteken RX-123-K staat er nog", "Kenteken [KENTEKEN_1] staat er nog"},
		{"birth date", "nl", "Geboren op 12-03-1961, besteld op 12-03-2026", "Geboren op [GEBOORTEDATUM_1], besteld op 12-03-2026"},
		{"card", "en", "My card 4111 1111 1111 1111 was charged £20", "My card [NUMBER_1] was charged £20"},
		{"citizen number", "nl", "mijn bsn is 123456782", "mijn bsn is [NUMMER_1]"},
		{"link", "nl", "zie https://track.example/3SABC?pc=1234AB.", "zie [LINK_1]."},
		{"what a reply needs stays", "nl", "Al 3 weken wacht ik op € 1.146,50 sinds 12 maart 2026 om 14:30 uur in Utrecht, voor een iPhone 15 Pro",
			"Al 3 weken wacht ik op € 1.146,50 sinds 12 maart 2026 om 14:30 uur in Utrecht, voor een iPhone 15 Pro"},
		{"imitated placeholder", "nl", "[NAAM_1] zegt [NUMMER 12] en [sic]", "(NAAM_1) zegt (NUMMER 12) en [sic]"},
		{"hidden text", "en", "Late\u200b again\U000e0041\U000e0042! \u202eevil", "Late again! evil"},
		{"family emoji", "nl", "Dank 👨‍👩‍👧", "Dank 👨‍👩‍👧"},
		{"broken bytes", "nl", "Jan \xff\xfe hier", "[NAAM_1] ?? hier"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, vault := llm.Redact([]string{tt.in}, known(tt.lang))
			if r[0].Text != tt.want {
				t.Fatalf("redacted\n%s\nwant\n%s", r[0].Text, tt.want)
			}
			if strings.Contains(tt.want, "LINK") || strings.ContainsAny(tt.in, "[\u200b\U000e0041\xff") {
				return
			}
			back, err := vault.Restore(r[0].Text)
			if err != nil || !strings.EqualFold(back, tt.in) && tt.name != "family name alone" {
				t.Errorf("restored %q, %v, want %q", back, err, tt.in)
			}
		})
	}
}

func TestPlaceholdersStayTheSameOverAConversation(t *testing.T) {
	first := []string{"Order 123456789 is er niet. Bel 06-12345678"}
	short, _ := llm.Redact(first, known("nl"))
	long, vault := llm.Redact(append(first, "Order 987654321 en 123456789 ook niet"), known("nl"))
	if short[0].Text != long[0].Text || long[1].Text != "Order [NUMMER_2] en [NUMMER_1] ook niet" {
		t.Errorf("%q, then %q", short[0].Text, long[1].Text)
	}
	if got := vault.Redact("Noem 987654321 niet").Text; got != "Noem [NUMMER_2] niet" {
		t.Errorf("a further text: %q", got)
	}
	if got := vault.RedactOurs("Jan, bestelling 987654321: Sanne belt van 0800-1234, zie https://voorbeeld.nl/dm"); got != "[NAAM_1], bestelling [NUMMER_2]: Sanne belt van 0800-1234, zie https://voorbeeld.nl/dm" {
		t.Errorf("our own text: %q", got)
	}
	if vault.Customer() != "[NAAM_1]" {
		t.Errorf("customer %q", vault.Customer())
	}
}

func TestRestore(t *testing.T) {
	_, vault := llm.Redact([]string{"Order 123456789, bel 06-12345678, zie www.track.example/1, Mevrouw Terpstra, Samira"}, known("nl"))
	for _, tt := range []struct{ in, private, public string }{
		{"Beste [NAAM_1], sorry.", "Beste Jan, sorry.", "Beste Jan, sorry."},
		{"[NAAM_3] krijgt het te horen", "Samira krijgt het te horen", "Samira krijgt het te horen"},
		{"Over [NUMMER_1]", "Over 123456789", "error"},
		{"We bellen [TELEFOON_1]", "We bellen 06-12345678", "error"},
		{"mevrouw [NAAM_4] zei", "mevrouw Terpstra zei", "error"},
		{"Kijk op [LINK_1]", "error", "error"},
		{"Over [NUMMER_7]", "error", "error"},
		{"Over [nummer_1]", "error", "error"},
		{"Over [ NUMMER_1 ]", "error", "error"},
		{"Over NUMMER_1", "error", "error"},
		{"Over (nummer_1)", "error", "error"},
		{"Over [NUMMER_1", "error", "error"},
		{"Over [[NUMMER_1]]", "error", "error"},
		{"Over [NUMBER_1]", "error", "error"},
		{"[bedrag] terug", "error", "error"},
		{"Adres 2 en nummer 1 zijn gewone woorden", "Adres 2 en nummer 1 zijn gewone woorden", "Adres 2 en nummer 1 zijn gewone woorden"},
	} {
		for public, want := range map[bool]string{false: tt.private, true: tt.public} {
			restore := vault.Restore
			if public {
				restore = vault.RestorePublic
			}
			got, err := restore(tt.in)
			switch {
			case want == "error":
				if !errors.Is(err, webcare.ErrInvalid) {
					t.Errorf("%q, public %v: %q, error %v", tt.in, public, got, err)
				} else if strings.Contains(err.Error(), "123456789") || strings.Contains(err.Error(), "06-1") {
					t.Errorf("the error tells: %v", err)
				}
			case err != nil || got != want:
				t.Errorf("%q, public %v: %q, %v, want %q", tt.in, public, got, err, want)
			}
		}
	}
}

func TestOriginalOffsets(t *testing.T) {
	const in = "Hé Jan\u200b, order 123456789 van 12 maart is weg 😡. Bel 06-12345678."
	r, _ := llm.Redact([]string{in}, known("nl"))
	for _, tt := range []struct{ redacted, original string }{
		{"order [NUMMER_1] van 12 maart", "order 123456789 van 12 maart"},
		{"[NAAM_1]", "Jan"},
		{"is weg 😡", "is weg 😡"},
		{"Bel [TELEFOON_1].", "Bel 06-12345678."},
		{r[0].Text, in},
	} {
		at := strings.Index(r[0].Text, tt.redacted)
		if at < 0 {
			t.Fatalf("%q not in %q", tt.redacted, r[0].Text)
		}
		from, to := r[0].Original(at, at+len(tt.redacted))
		if in[from:to] != tt.original {
			t.Errorf("%q is %q, want %q", tt.redacted, in[from:to], tt.original)
		}
	}
}

func TestLongTextsLeaveWithoutTheirEnd(t *testing.T) {
	in := strings.Repeat("Nog steeds niets. ", 5000) + "Bel 06-12345678"
	r, _ := llm.Redact([]string{in}, known("nl"))
	if len(r[0].Text) > 33<<10 || !strings.HasPrefix(in, r[0].Text[:32<<10-20]) || strings.Contains(r[0].Text, "12345678") {
		t.Errorf("%d bytes leave", len(r[0].Text))
	}
	if _, to := r[0].Original(0, len(r[0].Text)); to != len(in) && to != 32<<10 {
		t.Errorf("the end is at %d", to)
	}
}

func TestAnonymous(t *testing.T) {
	got := llm.Anonymous("Hoi Jan, order 123456789 bellen we door op 06-12345678. Groet, Samira", known("nl"))
	if want := "Hoi …, order (nummer) bellen we door op (nummer). Groet, …"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("Order 123456789 van Jan, bel 06-12345678 [NAAM_1]", "nl")
	f.Add("\xff\u202eJan 4111 1111 1111 1111 NL91ABNA0417164300", "en")
	f.Fuzz(func(t *testing.T, s, lang string) {
		r, vault := llm.Redact([]string{s}, known(lang))
		for at := range len(r[0].Text) {
			from, to := r[0].Original(at, len(r[0].Text))
			if from < 0 || from > to || to > len(s) {
				t.Fatalf("offset %d of %q is %d to %d of %d", at, r[0].Text, from, to, len(s))
			}
		}
		for _, v := range vault.Values() {
			if len(v) > 9 && strings.Contains(r[0].Text, v) {
				t.Errorf("%q stands in %q", v, r[0].Text)
			}
		}
		_, _ = vault.Restore(s)
	})
}

func BenchmarkRedact(b *testing.B) {
	s := strings.Repeat("Order 123456789 is er na 3 weken nog niet, zegt Jan van der Velde. Bel 06-12345678 of kom langs. ", 10)
	for b.Loop() {
		llm.Redact([]string{s}, known("nl"))
	}
}
