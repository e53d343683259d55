package webcare_test

import (
	"context"
	"errors"

	"pgregory.net/rapid"

	"webcare.example/responder/internal/webcare"
)

// platform takes replies, or not, and says so, or not.
type platform struct {
	w       *world
	class   webcare.PublishClass
	claimed map[string]string // key -> hash of a saved attempt
	landed  map[string]int    // key -> how often customers can read it
}

func newPlatform(w *world, class webcare.PublishClass) *platform {
	return &platform{w: w, class: class, claimed: map[string]string{}, landed: map[string]int{}}
}

func (p *platform) Class() webcare.PublishClass { return p.class }

var errBroken = errors.New("connection broke off")

func (p *platform) Publish(_ context.Context, out webcare.Outgoing) (webcare.Receipt, error) {
	hash := webcare.HashOf(out.Brand, out.Channel, out.Draft)
	if p.claimed[out.Key] != hash {
		p.w.t.Fatalf("what leaves hashes to %s, claimed is %s", hash, p.claimed[out.Key])
	}
	r := webcare.Receipt{ExternalID: "reply-" + out.Key, URL: "https://example.social/" + out.Key, ThreadIDs: []string{out.Key + "-a", out.Key + "-b", out.Key + "-c"}}
	switch rapid.SampledFrom([]string{"ok", "ok", "pending", "refused", "unavailable", "broken, landed", "broken, not landed"}).Draw(p.w.t, "platform") {
	case "ok":
		return r, p.land(out.Key, nil)
	case "pending":
		r.Pending = true
		return r, p.land(out.Key, nil)
	case "refused":
		return webcare.Receipt{}, p.unlessLanded(out.Key, webcare.Refusedf("the thread is closed"))
	case "unavailable":
		return webcare.Receipt{}, p.unlessLanded(out.Key, webcare.Unavailablef("too many requests"))
	case "broken, landed":
		return webcare.Receipt{}, p.land(out.Key, errBroken)
	}
	return webcare.Receipt{}, errBroken
}

// land makes the reply readable; an idempotent platform does so once per key.
func (p *platform) land(key string, err error) error {
	if !p.class.Idempotent || p.landed[key] == 0 {
		p.landed[key]++
	}
	return err
}

// unlessLanded: a platform that knows the key does not deny having taken it.
func (p *platform) unlessLanded(key string, err error) error {
	if p.class.Idempotent && p.landed[key] > 0 {
		return errBroken
	}
	return err
}

func (p *platform) Find(_ context.Context, out webcare.Outgoing) (webcare.Receipt, bool, error) {
	if rapid.IntRange(0, 3).Draw(p.w.t, "find fails") == 0 {
		return webcare.Receipt{}, false, webcare.Unavailablef("search is down")
	}
	return webcare.Receipt{ExternalID: "reply-" + out.Key}, p.landed[out.Key] > 0, nil
}
