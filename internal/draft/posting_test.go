package draft

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

// posted is a case on a channel of the sample brand, with more channels.
func posted(t *testing.T, channel, handle string, age time.Duration, text string) (*webcare.Case, *brand.Brand) {
	t.Helper()
	b := *brand.Sample()
	b.Channels = append(append([]brand.Channel{}, b.Channels...),
		brand.Channel{Name: "google", Kind: "google", DirectMessage: "https://voorbeeld.nl/bericht"}, brand.Channel{Name: "trustpilot", Kind: "trustpilot", DirectMessage: "https://voorbeeld.nl/bericht"},
		brand.Channel{Name: "klein", Kind: "mastodon", DirectMessage: "https://voorbeeld.nl/dm", Settings: map[string]string{"length": "330"}})
	c := webcare.NewCase("c1", b.ID, channel)
	c.Head.InboundSeq = 1
	c.Messages = []webcare.Entry[webcare.Message]{{Seq: 1, Value: webcare.Message{Key: webcare.Key{Channel: channel, ExternalID: "1"}, Brand: b.ID,
		Author: webcare.Author{Name: "Sanne", Handle: handle}, Text: text, Visibility: webcare.Public, PostedAt: now.Add(-age), ReceivedAt: now, Stars: 1}}}
	c.Triages = []webcare.Entry[webcare.Triage]{{Seq: 9, Value: webcare.Triage{Language: "nl", Kind: webcare.KindComplaint, Complaint: true, Urgency: webcare.Normal,
		Frictions: []webcare.Friction{{Type: "ask_again", Evidence: []webcare.Span{{Start: 0, End: len(text), Text: text}}}}}}}
	return c, &b
}

const lost = "Voor de derde keer moet ik mijn verhaal vertellen over mijn bestelling, en nog weet niemand waar mijn pakket blijft."

// TestPostingRules: what a channel does not let us post is known before a draft
// is made.
func TestPostingRules(t *testing.T) {
	long := "@" + strings.Repeat("x", 60) + "@" + strings.Repeat("instantie.", 5) + "example"
	for _, tc := range []struct {
		channel, handle string
		age             time.Duration
		private         bool
		most            int
	}{
		{"facebook", "u1", 6 * 24 * time.Hour, true, 8000},
		{"facebook", "u1", 7*24*time.Hour + time.Minute, false, 8000},
		{"instagram", "@sanne", 30 * 24 * time.Hour, false, 2200},
		{"bluesky", "@sanne.example", time.Hour, false, 300},
		{"google", "Sanne (abc)", time.Hour, false, 4096},
		{"mastodon", long, time.Hour, true, 500},
		{"klein", long, time.Hour, true, 330},
	} {
		c, b := posted(t, tc.channel, tc.handle, tc.age, lost)
		needy := ""
		for _, key := range brand.PlaybookKeys() {
			for _, res := range b.Resolutions(key) {
				if len(res.Needs) > 0 && len(res.Params) == 0 && needy == "" {
					needy = res.ID
				}
			}
		}
		d, err := New(context.Background(), For(b), c, b, Wish{Sign: "Noor", Resolution: needy, Now: now})
		if err != nil {
			t.Errorf("%s: %v", tc.channel, err)
			continue
		}
		if (d.PrivateText != "") != tc.private {
			t.Errorf("%s, %s old: a private half %q", tc.channel, tc.age, d.PrivateText)
		}
		sent := d.Text
		if strings.HasPrefix(tc.handle, "@x") { // as the publisher sends it
			sent = tc.handle + " " + sent
		}
		kind, _ := b.Channel(tc.channel)
		if used, _ := guard.Room(kind.Kind, sent); used > tc.most {
			t.Errorf("%s: %d characters, %d fit: %q", tc.channel, used, tc.most, sent)
		}
		for _, f := range d.Findings {
			if f.Rule == guard.CannotPost || f.Rule == "11-too-long" {
				t.Errorf("%s: %+v", tc.channel, f)
			}
		}
	}
}

// TestClosed: a review that has our reply gets no second one; the case says so.
func TestClosed(t *testing.T) {
	for _, channel := range []string{"google", "trustpilot"} {
		c, b := posted(t, channel, "Sanne", time.Hour, lost)
		c.Messages = append(c.Messages, webcare.Entry[webcare.Message]{Seq: 5, Value: webcare.Message{Key: webcare.Key{Channel: channel, ExternalID: "1/reply"}, Ours: true, Text: "Excuses!"}})
		_, err := New(context.Background(), For(b), c, b, Wish{Sign: "Noor", Now: now})
		var no *NoDraftError
		if !errors.As(err, &no) || !strings.Contains(no.Reason, "has our reply already") {
			t.Errorf("%s: %v", channel, err)
		}
	}
}
