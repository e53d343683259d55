package guard_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

func TestLinks(t *testing.T) {
	voice := guard.Voice{Hosts: []string{"voorbeeld.nl", "example.com"}, Prefixes: []string{"https://x.com/voorbeeld", "https://m.me/voorbeeld"}}
	for reply, foreign := range map[string]string{
		"Kijk op https://voorbeeld.nl/retour.":             "",
		"Kijk op www.voorbeeld.nl, daar staat het.":        "",
		"Kijk op mijn.voorbeeld.nl/account":                "",
		"Zie voorbeeld.nl":                                 "",
		"Zie HTTPS://VOORBEELD.NL/A":                       "",
		"Zie [deze pagina](https://voorbeeld.nl/a)":        "",
		"Zie https://x.com/voorbeeld/status/1":             "",
		"Zie https://m.me/voorbeeld?ref=1":                 "",
		"Mail klantenservice@elders.nl":                    "",
		"Dank @voorbeeld@mastodon.nl":                      "",
		"Dat is klaar.De rest volgt, d.w.z. morgen a.u.b.": "",
		"Om 14.30 uur, versie 4.2.1, bestand factuur.pdf":  "",
		"Zie https://voorbeeld.nl.elders.com/a":            "https://voorbeeld.nl.elders.com/a",
		"Zie https://voorbeeld.nl@elders.com/a":            "https://voorbeeld.nl@elders.com/a",
		"Zie voorbeeld.nl@elders.com/a":                    "voorbeeld.nl@elders.com/a",
		"Zie https://elders.com/voorbeeld.nl":              "https://elders.com/voorbeeld.nl",
		"Zie https://voorbeeld.nl:8443/a":                  "https://voorbeeld.nl:8443/a",
		`Zie https://voorbeeld.nl\@elders.com/a`:           `https://voorbeeld.nl\@elders.com/a`,
		"Zie http://xn--vorbeeld-n6a.nl/":                  "http://xn--vorbeeld-n6a.nl/",
		"Zie https://vооrbeeld.nl/":                        "https://vооrbeeld.nl/", // Cyrillic o
		"Zie nep-voorbeeld.nl":                             "nep-voorbeeld.nl",
		"Zie bit.ly/3xY":                                   "bit.ly/3xY",
		"Zie elders.com!":                                  "elders.com",
		"Zie [voorbeeld.nl](https://elders.com)":           "https://elders.com",
		"Zie <https://elders.com>":                         "https://elders.com",
		"Schrijf mailto:hulp@elders.com":                   "mailto:hulp@elders.com",
		"Zie javascript:alert(1)":                          "javascript:alert(1)",
		"Zie ftp://voorbeeld.nl/a":                         "ftp://voorbeeld.nl/a",
		"Zie hxxps://elders.com":                           "hxxps://elders.com",
		"Zie https://185.12.4.9/a":                         "https://185.12.4.9/a",
		"Zie 185.12.4.9/a":                                 "185.12.4.9/a",
		"Zie https://x.com/voorbeeld-nep":                  "https://x.com/voorbeeld-nep",
		"Zie https://x.com/voorbeeld/../nep":               "https://x.com/voorbeeld/../nep",
		"Zie https://voorbeeld。elders.com":                 "https://voorbeeld。elders.com",
		"Zie wa.me/31612345678 voor hulp":                  "wa.me/31612345678",
	} {
		var got []string
		for _, f := range findings(guard.Input{Reply: reply, Voice: voice}, guard.ForeignLink) {
			got = append(got, reply[f.Start:f.End])
		}
		if strings.Join(got, " ") != foreign {
			t.Errorf("%s: foreign %q, want %q", reply, got, foreign)
		}
	}
}

func TestRoom(t *testing.T) {
	for _, test := range []struct {
		channel, reply string
		used           int
	}{
		{"x", strings.Repeat("a", 280), 280},
		{"x", "é", 1},
		{"x", "e\u0301", 1}, // composed before counting
		{"x", "👩‍👩‍👧‍👦", 2}, // one picture
		{"x", "日本", 4},      // wide signs weigh two
		{"x", "€", 1 + 1},   // outside the light ranges
		{"x", "https://voorbeeld.nl/" + strings.Repeat("a", 80), 23},
		{"x", "zie voorbeeld.nl/a nu", 4 + 23 + 3},
		{"bluesky", "👩‍👩‍👧‍👦é", 2},
		{"mastodon", "@jan@mastodon.nl " + "https://voorbeeld.nl/" + strings.Repeat("a", 80), 4 + 1 + 23},
		{"sms", "é€", 3},
		{"sms", "ў", 3}, // two septets' worth of a part that holds 67
		{"email", "abc", 3},
	} {
		if used, _ := guard.Room(test.channel, test.reply); used != test.used {
			t.Errorf("%s %q: %d, want %d", test.channel, test.reply, used, test.used)
		}
	}
	long := guard.Input{Reply: strings.Repeat("é", 300), Channel: "x"}
	got := findings(long, guard.TooLong)
	if len(got) != 1 || got[0].Start != 560 || got[0].End != 600 {
		t.Errorf("300 signs on x: %+v", got)
	}
}

func TestAllowance(t *testing.T) {
	for _, test := range []struct {
		reply      string
		resolution *webcare.Resolution
		allowed    guard.Allowance
		finds      bool
	}{
		{"We storten de € 60 vandaag terug.", nil, guard.Allowance{}, true},
		{"We storten de € 60 vandaag terug.", &webcare.Resolution{ID: "terug", CostCents: 6000}, guard.Allowance{AmountCents: 6000}, false},
		{"We storten € 600 vandaag terug.", &webcare.Resolution{ID: "terug", CostCents: 6000}, guard.Allowance{AmountCents: 6000}, true},
		{"We storten de € 60 terug en je krijgt een tegoedbon.", &webcare.Resolution{ID: "terug", CostCents: 6000}, guard.Allowance{AmountCents: 6000}, true},
		{"Je krijgt een tegoedbon van € 10.", &webcare.Resolution{ID: "gebaar", CostCents: 1000}, guard.Allowance{AmountCents: 1000,
			Said: []string{"Je krijgt een tegoedbon van {gesture}."}}, false},
		{"We zijn aansprakelijk en storten € 60 terug.", &webcare.Resolution{ID: "terug", CostCents: 6000}, guard.Allowance{AmountCents: 6000}, true},
		{"We sturen je een nieuwe stoel.", &webcare.Resolution{ID: "replacement"}, guard.Allowance{}, false},
	} {
		in := guard.Input{Reply: test.reply, Language: "nl", Messages: []string{"Mijn stoel van € 60 is stuk."},
			Resolution: test.resolution, Allowed: test.allowed, Voice: guard.DefaultVoice()}
		if got := findings(in, guard.UnbackedPromise); test.finds != (len(got) > 0) {
			t.Errorf("%s: %v, want found %v", test.reply, got, test.finds)
		}
	}
}

// TestOrders: money is told as paid only when the desk has paid it.
func TestOrders(t *testing.T) {
	for _, test := range []struct {
		reply string
		state webcare.WorkOrderState
		finds bool
	}{
		{"We hebben de € 60 teruggestort.", webcare.WorkOrderOpen, true},
		{"We hebben de € 60 teruggestort.", webcare.WorkOrderDone, false},
		{"De € 60 wordt morgen teruggestort.", webcare.WorkOrderOpen, false},
		{"We have refunded the $60.", webcare.WorkOrderRefused, true},
	} {
		in := guard.Input{Reply: test.reply, Messages: []string{"Mijn stoel van € 60 is stuk."}, Voice: guard.DefaultVoice(),
			Resolution: &webcare.Resolution{ID: "terug", CostCents: 6000}, Orders: []webcare.WorkOrder{{ID: "w1", State: test.state}}}
		if got := findings(in, guard.UnbackedPromise); test.finds != (len(got) > 0) {
			t.Errorf("%s (%s): %v, want found %v", test.reply, test.state, got, test.finds)
		}
	}
}

// TestRegister walks the three registers.
func TestRegister(t *testing.T) {
	for _, test := range []struct {
		register, customer, reply string
		finds                     bool
	}{
		{"je", "Wat doet u nu?", "Ik bel je morgen over je pakket.", false},
		{"je", "Wat doet u nu?", "Ik bel u morgen over uw pakket.", true},
		{"u", "Wat doe je nu?", "Ik bel u morgen over uw pakket.", false},
		{"u", "Wat doe je nu?", "Ik bel je morgen over je pakket.", true},
		{"mirror", "Wat doet u nu met mijn pakket?", "Ik bel u morgen over uw pakket.", false},
		{"mirror", "Wat doet u nu met mijn pakket?", "Ik bel je morgen over je pakket.", true},
		{"mirror", "Wat doen jullie met mijn pakket?", "Ik bel je morgen over je pakket.", false},
		{"mirror", "Waar blijft mijn pakket toch?", "Ik bel u morgen over uw pakket.", false},
		{"mirror", "Waar blijft mijn pakket toch?", "Ik bel u morgen over je pakket.", true},
	} {
		in := guard.Input{Reply: test.reply, Language: "nl", Messages: []string{test.customer},
			Voice: guard.Voice{Register: map[string]string{"nl": test.register}}}
		if got := findings(in, guard.WrongRegister); test.finds != (len(got) > 0) {
			t.Errorf("%s %s > %s: %v, want found %v", test.register, test.customer, test.reply, got, test.finds)
		}
	}
}

// TestCheckDraft checks a pair: what one half says counts for both, and the
// private half's findings carry its field.
func TestCheckDraft(t *testing.T) {
	c := &webcare.Case{Head: webcare.Head{Brand: "voorbeeld", Channel: "x", Language: "nl", InboundSeq: 1}}
	c.Messages = []webcare.Entry[webcare.Message]{{Seq: 1, Value: webcare.Message{Text: "Mijn bank kwam zonder poten, bestelling 4481022.", Visibility: webcare.Public}}}
	c.Triages = []webcare.Entry[webcare.Triage]{{Seq: 2, Value: webcare.Triage{Language: "nl", Complaint: true, Urgency: webcare.Normal}}}
	d := webcare.Draft{
		Text:        "Sorry dat je bank zonder poten kwam! Ik heb je zojuist een privébericht gestuurd. ^NO",
		PrivateText: "Hoi, het gaat om bestelling 4481022. Onze chauffeur brengt de poten vrijdag. We storten € 40 terug. Groet, Noor",
		Language:    "nl", Visibility: webcare.Public,
	}
	var got []string
	for _, f := range guard.CheckDraft(c, brand.Sample(), d, nil, c.Head.ReceivedAt) {
		got = append(got, f.Field+":"+f.Rule)
	}
	if diff := cmp.Diff([]string{"private_text:" + guard.UnbackedPromise}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCheckIsSortedAndNeverNil(t *testing.T) {
	if got := guard.Check(guard.Input{}); got == nil || len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
	all := guard.Check(guard.Input{Reply: "Bel ons. Uw ticket staat op bit.ly/x.", Language: "nl", Messages: []string{"Mijn pakket is kwijt!"}, Voice: guard.DefaultVoice()})
	if len(all) < 5 {
		t.Fatalf("only %v", all)
	}
	for i := 1; i < len(all); i++ {
		if all[i].Start < all[i-1].Start {
			t.Errorf("not sorted: %v", all)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, l := range loadReplies(f) {
		f.Add(l.Text, l.Reply, l.Channel, true)
	}
	f.Add("\xff\xfe", "@a@b.c ^\x80 https://\xffx voorbeeld.nl@", "mastodon", false)
	f.Fuzz(func(t *testing.T, customer, reply, channel string, public bool) {
		for _, f := range guard.Check(guard.Input{Reply: reply, Messages: []string{customer}, Channel: channel, Public: public,
			Voice: guard.DefaultVoice(), Recent: []string{customer, reply},
			Triage: &webcare.Triage{Complaint: true, Urgency: webcare.High, Praise: []webcare.Span{{Text: customer}},
				Facts: []webcare.Fact{{Kind: webcare.FactNumber, Text: customer, Start: len(reply), End: -1}}}}) {
			if f.Start < 0 || f.End < f.Start || f.End > len(reply) {
				t.Fatalf("%+v lies outside the reply of %d bytes", f, len(reply))
			}
			if utf8.ValidString(reply) && (!utf8.ValidString(reply[:f.Start]) || !utf8.ValidString(reply[f.Start:f.End])) {
				t.Fatalf("%+v cuts a rune", f)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	all := loadReplies(b)
	i := 0
	for b.Loop() {
		guard.Check(all[i%len(all)].input())
		i++
	}
}

// BenchmarkCheckLetter checks a long answer to a column against 50 recent replies.
func BenchmarkCheckLetter(b *testing.B) {
	all := loadReplies(b)
	in := all[0].input()
	var letter, column strings.Builder
	for _, l := range all[:12] {
		letter.WriteString(l.Reply + "\n\n")
		column.WriteString(l.Text + " ")
		in.Recent = append(in.Recent, l.Reply, l.Reply, l.Reply, l.Reply)
	}
	in.Reply, in.Messages, in.Channel = letter.String(), []string{column.String()}, "email"
	for b.Loop() {
		guard.Check(in)
	}
}
