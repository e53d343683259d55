package guard_test

import (
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

// TestCannotPost: what a channel would refuse of a draft is found when a person
// looks at it, also where the time for it ran out since it was made.
func TestCannotPost(t *testing.T) {
	written := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	b := *brand.Sample()
	b.Channels = []brand.Channel{{Name: "facebook", Kind: "facebook"}, {Name: "bluesky", Kind: "bluesky"}, {Name: "google", Kind: "google"}, {Name: "mastodon", Kind: "mastodon"},
		{Name: "klein", Kind: "mastodon", Settings: map[string]string{"length": "300"}}}
	fits := strings.Repeat("woord ", 82) + "einde" // 497 characters
	for _, tc := range []struct {
		channel       string
		later         time.Duration
		text, private string
		answered      bool
		want          string // rule, severity and field
	}{
		{"facebook", 6 * 24 * time.Hour, "Excuses.", "Wat is je klantnummer?", false, ""},
		{"facebook", 7 * 24 * time.Hour, "Excuses.", "Wat is je klantnummer?", false, "15-cannot-post blocking private_text"},
		{"facebook", 30 * 24 * time.Hour, "Excuses.", "", false, ""},
		{"bluesky", time.Hour, "Excuses.", "Wat is je klantnummer?", false, "15-cannot-post warning private_text"},
		{"google", time.Hour, "Excuses.", "", false, ""},
		{"google", time.Hour, "Excuses.", "", true, "15-cannot-post warning "},
		{"google", time.Hour, "Excuses.", "Wat is je klantnummer?", false, "15-cannot-post blocking private_text"},
		{"mastodon", time.Hour, "Excuses.", "Wat is je klantnummer?", false, ""},
		{"mastodon", time.Hour, fits, "", false, "11-too-long blocking "},
		{"mastodon", time.Hour, "@sanne " + fits[:480], "", false, ""}, // the handle stands there already
		{"mastodon", time.Hour, "Excuses.", fits, false, "11-too-long blocking private_text"},
		{"klein", time.Hour, fits[:295], "", false, "11-too-long blocking "},
		{"klein", time.Hour, fits[:290], "", false, ""},
	} {
		c := webcare.NewCase("c1", b.ID, tc.channel)
		c.Head.InboundSeq = 1
		c.Messages = []webcare.Entry[webcare.Message]{{Seq: 1, Value: webcare.Message{Key: webcare.Key{Channel: tc.channel, ExternalID: "1"}, Author: webcare.Author{Handle: "@sanne"},
			Text: "Waar blijft mijn kast?", PostedAt: written}}}
		if tc.answered {
			c.Messages = append(c.Messages, webcare.Entry[webcare.Message]{Seq: 2, Value: webcare.Message{Key: webcare.Key{Channel: tc.channel, ExternalID: "2"}, Ours: true, Text: "Excuses."}})
		}
		got := ""
		for _, f := range guard.CheckDraft(c, &b, webcare.Draft{Text: tc.text, PrivateText: tc.private, Language: "nl", Visibility: webcare.Public, SignedBy: "Lea"}, nil, written.Add(tc.later)) {
			if f.Rule == guard.CannotPost || f.Rule == guard.TooLong {
				got = f.Rule + " " + string(f.Severity) + " " + f.Field
			}
		}
		if got != tc.want {
			t.Errorf("%s after %s, %d characters, private %q: %q, want %q", tc.channel, tc.later, len(tc.text), tc.private, got, tc.want)
		}
	}
}
