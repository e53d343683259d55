package draft

import (
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

func TestSlots(t *testing.T) {
	for _, c := range []struct {
		lang, message string
		want          map[string]string // slots that must be so; "" for none
	}{
		{"nl", "Al 50 min wachten op een kast", map[string]string{"duration": "50 minuten"}},
		{"nl", "De bank duurt nog een maand", map[string]string{"duration": ""}},
		{"nl", "Twee weken geleden gebeld", map[string]string{"duration": ""}},
		{"nl", "Na 2 dagen was de rits stuk", map[string]string{"after": "na 2 dagen", "duration": ""}},
		{"nl", "De monteur komt woensdag tussen 8 en 18 uur", map[string]string{"on": "op woensdag", "window": "tussen 8 en 18 uur"}},
		{"nl", "Sinds zondag geen internet", map[string]string{"since": "sinds zondag", "on": ""}},
		{"nl", "Maandag beloofd, dinsdag gewacht", map[string]string{"on": ""}},
		{"nl", "Gisteren gebeld", map[string]string{"on": ""}},
		{"nl", "Slechts €38 terug van de €61", map[string]string{"got": "€38", "whole": "€61", "amount": "€23"}},
		{"nl", "Gratis vanaf €20, toch €4,95 betaald", map[string]string{"amount": "€4,95"}},
		{"nl", "Onder de 22 euro gratis, toch 31,40 euro betaald", map[string]string{"amount": "31,40 euro"}},
		{"nl", "Ik kreeg slechts €38", map[string]string{"little": "€38", "amount": ""}},
		{"nl", "Drie keer gebeld, vijf mailtjes gestuurd", map[string]string{"count": "drie keer", "tries": "vijf mailtjes"}},
		{"nl", "Het kan uitsluitend per brief", map[string]string{"only": "een brief"}},
		{"nl", "Mijn zoon werd uitgescholden", map[string]string{"who": "[je|uw] zoon"}},
		{"en", "Waiting for 50 mins on the phone", map[string]string{"duration": "50 minutes"}},
		{"en", "It is $12 a month now", map[string]string{"duration": "", "amount": "$12"}},
		{"en", "You kept £54 of the £129", map[string]string{"got": "£54", "whole": "£129", "amount": "£75"}},
		{"en", "The engineer comes between 8 and 6", map[string]string{"window": "between 8 and 6"}},
		{"en", "I rang twice and emailed 4 times", map[string]string{"count": "twice"}},
		{"en", "I told it to three people", map[string]string{"several": "three people"}},
	} {
		r := read(webcare.DraftRequest{Text: c.message, Triage: webcare.Triage{Language: c.lang}, Sign: "Noor", Now: now}, brand.Sample())
		got := r.slots(0, len(c.message))
		for name, want := range c.want {
			if got[name] != want {
				t.Errorf("%q: %s is %q, want %q", c.message, name, got[name], want)
			}
		}
	}
}

func TestThings(t *testing.T) {
	for _, c := range []struct{ lang, message, say string }{
		{"nl", "Waar blijft mijn eettafel?", "[je|uw] eettafel"},
		{"nl", "Het tv-kastje doet niks", "[je|uw] tv-kastje"},
		{"nl", "Jullie chatbot snapt niks", "onze chatbot"},
		{"nl", "De trein reed niet", "de trein"},
		{"nl", "Zijn rolstoel is stuk", "de rolstoel"},
		{"nl", "SCHANDE. Uw BEZORGER kwam niet", "onze bezorger"},
		{"nl", "Er is een storing", ""},
		{"nl", "Niet te geloven", ""},
		{"en", "My washing machine leaks", "your washing machine"},
		{"en", "Your driver was late", "our driver"},
		{"en", "One tyre was flat", "your tyre"},
		{"en", "It lives next door", ""},
	} {
		things := findThings(c.message, c.lang, text.Words(c.message), text.Facts(c.message, c.lang))
		say := ""
		if len(things) > 0 {
			say = things[0].say
		}
		if say != c.say {
			t.Errorf("%q: %q, want %q", c.message, say, c.say)
		}
	}
}

func TestCents(t *testing.T) {
	for amount, want := range map[string]int64{"€ 1.146": 114600, "29,95": 2995, "90 cent": 90, "£3,240": 324000, "2.460 euro": 246000, "€12.5": 1250, "€ 1.299,99": 129999} {
		if got, ok := cents(amount); !ok || got != want {
			t.Errorf("cents(%q) = %d, %v, want %d", amount, got, ok, want)
		}
	}
	for _, amount := range []string{"", "€", "veel", "99999999999999999999"} {
		if got, ok := cents(amount); ok {
			t.Errorf("cents(%q) = %d, want none", amount, got)
		}
	}
}

// TestPhrasesAreWhole checks the phrase files: every friction can be named in
// both languages, every slot is one that something fills.
func TestPhrasesAreWhole(t *testing.T) {
	known := map[string]bool{}
	for _, name := range strings.Fields(`thing athing things duration after since on time window amount amounts little got whole count tries several
		distance only place who deceased clause clauses quote relation link fields people People things name due`) {
		known[name] = true
	}
	nl, en := books["nl"](), books["en"]()
	for name := range maps.Keys(nl) {
		if en[name] == nil {
			t.Errorf("[%s] stands in Dutch alone", name)
		}
	}
	for lang, book := range map[string]phraseBook{"nl": nl, "en": en} {
		for _, typ := range webcare.FrictionTypes() {
			sec := book[string(typ)]
			if sec == nil {
				t.Errorf("%s has no [%s]", lang, typ)
				continue
			}
			last := sec.lines[len(sec.lines)-1]
			if typ != webcare.OtherFriction && (len(last.slots) > 0 || last.keywords != nil) {
				t.Errorf("%s [%s]: the last line must fit every case: %q", lang, typ, last.text)
			}
		}
		for name, sec := range book {
			for _, p := range sec.lines {
				for _, slot := range p.slots {
					if !known[slot] {
						t.Errorf("%s [%s]: nothing fills {%s}", lang, name, slot)
					}
				}
				for _, k := range p.keywords {
					if k != text.Normal(k) || k == "" {
						t.Errorf("%s [%s]: keyword %q is not in normal form", lang, name, k)
					}
				}
			}
		}
	}
}

func FuzzDraft(f *testing.F) {
	for _, l := range cases(f)[:8] {
		f.Add(l.Text, l.Channel, 0, len(l.Text), uint8(3), "korter")
	}
	f.Fuzz(func(t *testing.T, message, channel string, start, end int, friction uint8, wish string) {
		types := webcare.FrictionTypes()
		typ := types[int(friction)%len(types)]
		for _, lang := range []string{"nl", "en"} {
			tr := webcare.Triage{Language: lang, Kind: webcare.KindComplaint, Complaint: true,
				Frictions: []webcare.Friction{{Type: typ, Evidence: []webcare.Span{{Start: start, End: end}}}},
				Praise:    []webcare.Span{{Start: start, End: end}}}
			d, err := (Playbook{}).Draft(t.Context(), webcare.DraftRequest{Text: message, Triage: tr, Channel: channel, Public: friction%2 == 0, Sign: "Noor", Now: now, Instruction: wish})
			if err != nil {
				continue
			}
			if utf8.ValidString(message) && !utf8.ValidString(d.Text+d.PrivateText) {
				t.Errorf("not valid UTF-8: %q", d.Text)
			}
			if !fits(d.Text, channel) || d.Resolution == nil || strings.Contains(d.Text, "{due}") {
				t.Errorf("draft %+v", d)
			}
		}
	})
}
