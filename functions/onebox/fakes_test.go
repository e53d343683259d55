package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFakes is a day in short: the program on the fakes of all platforms. What
// customers write everywhere becomes a case with a draft; what is approved
// stands where they wrote; every channel is well.
func TestFakes(t *testing.T) {
	dir := t.TempDir()
	brandFile, serving := filepath.Join(dir, "fakes.yaml"), freePort(t)
	world := start(t, nil, "fakes", "--imap", freePort(t), "--hooks", "http://"+serving, "--brand-file", brandFile)
	defer world.kill()
	env := []string{"WEBCARE_ALLOW_LOOPBACK=true", "WEBCARE_UNDO=50ms"}
	for name, secret := range fakeSecrets {
		env = append(env, name+"="+secret)
	}
	p := startAt(t, serving, env, "serve", "--data", filepath.Join(dir, "data"), "--smtp", "", "--brand", brandFile)
	defer p.kill()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	const complaint = "Al drie weken wacht ik op mijn pakket van Voorbeeld, waar blijft het?"
	ids := map[string]string{}
	for _, name := range []string{"mastodon", "bluesky", "facebook", "instagram", "google", "trustpilot", "feed", "email"} {
		res, err := http.Post("http://"+world.addr+"/write/"+name, "application/json", strings.NewReader(fmt.Sprintf(`{"text":%q}`, complaint)))
		if err != nil {
			t.Fatal(err)
		}
		id, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		ids[name] = strings.TrimSpace(string(id))
	}
	type head struct {
		ID, Channel, Status string
		Version             int64
		Draft               struct{ Text, Hash string }
		Publication         struct{ Outcome string }
	}
	api := "http://" + p.addr + "/api/v1"
	cases := map[string]head{}
	eventually(ctx, t, "a draft for every complaint", func() bool {
		var list struct{ Cases []head }
		call(ctx, http.MethodGet, api+"/cases?status=in_review", nil, nil, &list)
		for _, c := range list.Cases {
			cases[c.Channel] = c
		}
		return len(list.Cases) == len(ids)
	})
	for name, id := range ids {
		if name == "feed" || name == "email" { // by hand, and to the outbox
			continue
		}
		var c head
		call(ctx, http.MethodGet, api+"/cases/"+cases[name].ID, nil, nil, &c)
		text := "Excuses dat je pakket er na drie weken nog niet is. Ik zoek het vandaag voor je op. ^N"
		body := fmt.Sprintf(`{"version":%d,"draft_hash":%q,"text":%q,"private_text":"","resolution":"","overrides":["1-not-specific","3-no-action","8-unsigned","13-near-duplicate"]}`, c.Version, c.Draft.Hash, text)
		var out map[string]any
		if code := call(ctx, http.MethodPost, api+"/cases/"+c.ID+"/approve", http.Header{"Content-Type": {"application/json"}}, []byte(body), &out); code != http.StatusOK {
			t.Fatalf("%s: approving: %d %v", name, code, out)
		}
		eventually(ctx, t, "the answer on "+name, func() bool {
			var got []string
			call(ctx, http.MethodGet, "http://"+world.addr+"/answers/"+name+"?id="+url.QueryEscape(id), nil, nil, &got)
			return len(got) == 1 && strings.HasSuffix(got[0], text)
		})
	}
	var health struct {
		Channels []struct{ Channel, State, Error string }
	}
	call(ctx, http.MethodGet, api+"/channels", nil, nil, &health)
	for _, h := range health.Channels {
		if h.State != "ok" {
			t.Errorf("%+v", h)
		}
	}
	if len(health.Channels) != len(ids) {
		t.Errorf("%+v", health)
	}
}

// TestFakesStayHome: the fakes guard nothing, so no other machine reaches them.
func TestFakesStayHome(t *testing.T) {
	for _, flag := range []string{"--listen", "--imap"} {
		if code, out := command1(t, "", "fakes", flag, "0.0.0.0:0"); code != exitUsage || !strings.Contains(out, "loopback") {
			t.Errorf("%s: %d %s", flag, code, out)
		}
	}
}

// TestDemo: every sample becomes a case, those of played platforms by way of
// them, and an approved reply is posted there.
func TestDemo(t *testing.T) {
	p := start(t, []string{"WEBCARE_UNDO=50ms"}, "demo", "--smtp", "")
	defer p.kill()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	api := "http://" + p.addr + "/api/v1"
	type head struct {
		ID, Channel, Status string
		Version             int64
		Draft               struct{ Hash string }
	}
	samples, err := readSamples()
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Cases []head }
	eventually(ctx, t, "a case for every sample", func() bool {
		call(ctx, http.MethodGet, api+"/cases?limit=100", nil, nil, &list)
		return len(list.Cases) == len(samples)
	})
	for _, channel := range []string{"mastodon", "facebook"} {
		var one head
		eventually(ctx, t, "a draft on "+channel, func() bool {
			var drafted struct{ Cases []head }
			call(ctx, http.MethodGet, api+"/cases?status=in_review&channel="+channel, nil, nil, &drafted)
			if len(drafted.Cases) == 0 {
				return false
			}
			call(ctx, http.MethodGet, api+"/cases/"+drafted.Cases[0].ID, nil, nil, &one)
			return one.Draft.Hash != ""
		})
		body := fmt.Sprintf(`{"version":%d,"draft_hash":%q,"text":"Excuses, ik zoek het vandaag voor je op. ^N","private_text":"","resolution":"","overrides":["1-not-specific","2-no-apology","3-no-action","7-register","8-unsigned"]}`, one.Version, one.Draft.Hash)
		var out map[string]any
		if code := call(ctx, http.MethodPost, api+"/cases/"+one.ID+"/approve", http.Header{"Content-Type": {"application/json"}}, []byte(body), &out); code != http.StatusOK {
			t.Fatalf("%s: %d %v", channel, code, out)
		}
		eventually(ctx, t, "the reply posted on "+channel, func() bool {
			var c struct {
				Publication struct{ Outcome, URL string }
			}
			call(ctx, http.MethodGet, api+"/cases/"+one.ID, nil, nil, &c)
			return c.Publication.Outcome == "posted"
		})
	}
}
