package connect_test

import (
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/connect"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

func env(set map[string]string) connect.Env {
	return connect.Env{Records: porttest.NewMemory().Ports().Records, Egress: webhook.Egress{}, Now: time.Now, Secret: func(ref string) (string, error) {
		if v, ok := set[ref]; ok {
			return v, nil
		}
		return "", webcare.NotFoundf("variable %s", ref)
	}}
}

func opened(t *testing.T, secrets map[string]string, channels ...brand.Channel) (*connect.Set, error) {
	t.Helper()
	b := *brand.Sample()
	if channels != nil {
		b.Channels = channels
	}
	set, err := brand.NewSet(&b)
	if err != nil {
		t.Fatal(err)
	}
	return connect.Open(set, env(secrets))
}

// TestUnconnected: without secrets nothing is called, and health says what to set.
func TestUnconnected(t *testing.T) {
	s, err := opened(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Lines) != 0 || len(s.Hooks) != 0 {
		t.Errorf("%d lines, %d hooks", len(s.Lines), len(s.Hooks))
	}
	health, err := s.Health(t.Context(), porttest.NewMemory().Ports().Records, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, h := range health {
		if h.Channel == "mastodon" {
			found = h.State == channel.StateNotConnected && strings.Contains(h.Todo, "env:WEBCARE_MASTODON_TOKEN")
		}
		if _, ok := s.Publisher(h.Brand, h.Channel); ok {
			t.Errorf("%s posts by itself", h.Channel)
		}
	}
	if !found {
		t.Errorf("%+v", health)
	}
}

func TestConnected(t *testing.T) {
	secrets := map[string]string{"env:T": "token-1", "env:S": "secret-1", "env:V": "verify-1"}
	three := map[string]string{"token": "env:T", "app_secret": "env:S", "verify_token": "env:V"}
	s, err := opened(t, secrets,
		brand.Channel{Name: "mastodon-be", Kind: "mastodon", Secrets: map[string]string{"token": "env:T"}, Settings: map[string]string{"server": "https://mastodon.example", "every": "45s"}},
		brand.Channel{Name: "bluesky", Kind: "bluesky", Secrets: map[string]string{"password": "env:S"}, Settings: map[string]string{"handle": "voorbeeld.nl"}},
		brand.Channel{Name: "facebook", Kind: "facebook", Secrets: three, Settings: map[string]string{"account_id": "1"}},
		brand.Channel{Name: "instagram", Kind: "instagram", Secrets: three, Settings: map[string]string{"account_id": "2"}},
		brand.Channel{Name: "trustpilot", Kind: "trustpilot", Secrets: map[string]string{"key": "env:T", "secret": "env:S", "hook": "env:V"}, Settings: map[string]string{"business_unit": "u", "business_user": "b"}},
		brand.Channel{Name: "email", Kind: "email", Secrets: map[string]string{"imap": "env:S"}, Settings: map[string]string{"from": "klacht@voorbeeld.nl", "imap": "imaps://imap.voorbeeld.nl"}},
		brand.Channel{Name: "feed", Kind: "feed", Settings: map[string]string{"feeds": "https://krant.example/rss https://blog.example/feed"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Lines) != 4 || len(s.Hooks) != 2 || s.Lines[0].Every != 45*time.Second {
		t.Errorf("%+v, %v", s.Lines, s.Hooks)
	}
	for name, want := range map[string]bool{"mastodon-be": true, "bluesky": true, "facebook": true, "instagram": true, "trustpilot": true, "feed": false, "email": false} {
		if _, ok := s.Publisher(brand.Sample().ID, name); ok != want {
			t.Errorf("%s: a publisher %v", name, ok)
		}
	}
}

// TestWrong: settings that lead nowhere, or inside, are said before anything is called.
func TestWrong(t *testing.T) {
	for _, c := range []brand.Channel{
		{Name: "m", Kind: "mastodon", Secrets: map[string]string{"token": "env:T"}, Settings: map[string]string{"server": "http://mastodon.example"}},
		{Name: "m", Kind: "mastodon", Secrets: map[string]string{"token": "env:T"}, Settings: map[string]string{"server": "https://169.254.169.254"}},
		{Name: "m", Kind: "mastodon", Secrets: map[string]string{"token": "env:T"}, Settings: map[string]string{"server": "https://m.example", "every": "1s"}},
		{Name: "e", Kind: "email", Secrets: map[string]string{"imap": "env:T"}, Settings: map[string]string{"imap": "imap.voorbeeld.nl", "imap_user": "u"}},
		{Name: "e", Kind: "email", Secrets: map[string]string{"imap": "env:T"}, Settings: map[string]string{"imap": "imaps://imap.voorbeeld.nl", "imap_user": "u", "seen": "ja"}},
		{Name: "e", Kind: "email", Secrets: map[string]string{"imap": "env:T"}, Settings: map[string]string{"imap": "imaps://imap.voorbeeld.nl", "imap_user": "u", "since": "een week"}},
		{Name: "f", Kind: "feed", Settings: map[string]string{"feeds": "https://localhost/rss"}},
	} {
		if _, err := opened(t, map[string]string{"env:T": "x"}, c); err == nil || !strings.Contains(err.Error(), "settings.") {
			t.Errorf("%+v: %v", c.Settings, err)
		}
	}
}

// TestMailbox: without its password a mailbox is not polled, and health says
// what to set; without settings.imap mail comes in another way.
func TestMailbox(t *testing.T) {
	imap := map[string]string{"imap": "imaps://imap.voorbeeld.nl", "from": "klacht@voorbeeld.nl"}
	s, err := opened(t, nil, brand.Channel{Name: "email", Kind: "email", Secrets: map[string]string{"imap": "env:WEBCARE_IMAP_PASSWORD"}, Settings: imap},
		brand.Channel{Name: "post", Kind: "email", Settings: map[string]string{"from": "post@voorbeeld.nl"}},
		brand.Channel{Name: "m365", Kind: "email", Settings: map[string]string{"imap": "imaps://outlook.office365.com", "from": "x@voorbeeld.nl", "oauth_id": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	health, err := s.Health(t.Context(), porttest.NewMemory().Ports().Records, time.Now())
	if err != nil || len(s.Lines) != 0 || len(health) != 2 {
		t.Fatalf("%+v, %v", health, err)
	}
	if h := health[0]; h.Channel != "email" || h.State != channel.StateNotConnected || !strings.Contains(h.Todo, "env:WEBCARE_IMAP_PASSWORD") {
		t.Errorf("%+v", h)
	}
	if h := health[1]; !strings.Contains(h.Todo, "oauth_tokens") || !strings.Contains(h.Todo, "oauth_secret") || !strings.Contains(h.Todo, "oauth_scope") {
		t.Errorf("%+v", h)
	}
}
