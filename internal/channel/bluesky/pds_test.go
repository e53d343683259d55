package bluesky_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/bluesky"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// pds is a real server with a brand and a customer on it.
type pds struct {
	t       *testing.T
	base    string
	records webcare.Records
	cfg     bluesky.Config
	kim     account
}

type account struct {
	Access string `json:"accessJwt"`
	DID    string `json:"did"`
	Handle string `json:"handle"`
}

const pdsPassword = "brand-password-1"

func newPDS(t *testing.T) *pds {
	t.Helper()
	base := os.Getenv("WEBCARE_TEST_PDS")
	if base == "" {
		t.Skip(`needs emulator: eval "$(infra/emulators start pds)" starts a PDS on this machine`)
	}
	p := &pds{t: t, base: strings.TrimSuffix(base, "/"), records: porttest.NewMemory().Ports().Records}
	brand := p.account("merk", pdsPassword)
	p.kim = p.account("kim", "customer-password")
	p.cfg = bluesky.Config{Brand: "voorbeeld", Channel: "bluesky", Server: p.base, Handle: brand.Handle, Password: pdsPassword, Records: p.records, HTTP: http.DefaultClient, Now: time.Now}
	return p
}

// account makes one, with a handle that no test had before.
func (p *pds) account(name, password string) (a account) {
	p.t.Helper()
	handle := fmt.Sprintf("%s-%x.test", name, time.Now().UnixNano()%0xffffffffff)
	p.call("", "com.atproto.server.createAccount", map[string]any{"email": handle + "@example.com", "handle": handle, "password": password}, &a)
	return a
}

func (p *pds) call(token, method string, in, out any) {
	p.t.Helper()
	if code, body := p.try(token, method, in); code != http.StatusOK {
		p.t.Fatalf("%s: %d %s", method, code, body)
	} else if err := json.Unmarshal(body, out); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pds) try(token, method string, in any) (int, []byte) {
	p.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		p.t.Fatal(err)
	}
	verb, target := http.MethodPost, p.base+"/xrpc/"+method
	if in == nil {
		verb, body = http.MethodGet, nil
	}
	req, err := http.NewRequestWithContext(p.t.Context(), verb, target, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		p.t.Fatal(err)
	}
	return res.StatusCode, b.Bytes()
}

type ref struct{ URI, CID string }

// complaint is a post of the customer's, and the message made of it.
func (p *pds) complaint() webcare.Message {
	p.t.Helper()
	var made ref
	p.call(p.kim.Access, "com.atproto.repo.createRecord", map[string]any{"repo": p.kim.DID, "collection": "app.bsky.feed.post",
		"record": map[string]any{"$type": "app.bsky.feed.post", "text": "Waar blijft mijn pakket?", "createdAt": time.Now().UTC().Format(time.RFC3339)}}, &made)
	return webcare.Message{Key: webcare.Key{Channel: "bluesky", ExternalID: made.URI}, Author: webcare.Author{Handle: "@" + p.kim.Handle}, Visibility: webcare.Public,
		ReplyTo: webcare.ReplyTarget{ExternalID: made.URI, Root: made.URI, References: []string{made.CID, made.CID}}}
}

func outgoing(key string, m webcare.Message, text string) webcare.Outgoing {
	return webcare.Outgoing{Key: key, Latest: m, Draft: webcare.Draft{Text: text, Language: "nl", Visibility: webcare.Public, ReplyTo: m.ReplyTo}}
}

// posts are the texts of the brand's posts, by address.
func (p *pds) posts(did string) map[string]map[string]any {
	p.t.Helper()
	var list struct {
		Records []struct {
			URI   string
			Value map[string]any
		}
	}
	p.call("", "com.atproto.repo.listRecords?collection=app.bsky.feed.post&limit=100&repo="+did, nil, &list)
	out := map[string]map[string]any{}
	for _, r := range list.Records {
		out[r.URI] = r.Value
	}
	return out
}

func didOf(uri string) string {
	did, _, _ := strings.Cut(strings.TrimPrefix(uri, "at://"), "/")
	return did
}

// TestPDS: a reply stands once under its key, with root, parent, language and
// facets as a real server takes them, however often it is posted; it is found
// by its key, and another attempt has another.
func TestPDS(t *testing.T) {
	p := newPDS(t)
	m := p.complaint()
	pub := bluesky.NewPublisher(p.cfg)
	text := "Excuses @" + p.kim.Handle + " 🙏🏽! Ik zoek het op: https://voorbeeld.nl/volgen. Met vriendelijke groet ^N"
	out := outgoing("attempt-1", m, text)
	if _, found, err := pub.Find(t.Context(), out); err != nil || found {
		t.Fatalf("before posting: found %v, %v", found, err)
	}
	r, err := pub.Publish(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // repeats are refused by the server, or say the same; none posts again
		again, err := bluesky.NewPublisher(p.cfg).Publish(t.Context(), out)
		if err == nil && again.ExternalID != r.ExternalID {
			t.Errorf("%+v, then %+v", r, again)
		}
		if errors.Is(err, webcare.ErrRefused) || errors.Is(err, webcare.ErrUnavailable) {
			t.Errorf("a repeat says that it was not taken: %v", err)
		}
	}
	if found, is, err := pub.Find(t.Context(), out); err != nil || !is || found.ExternalID != r.ExternalID {
		t.Errorf("%+v, %v, %v", found, is, err)
	}
	posts := p.posts(didOf(r.ExternalID))
	v := posts[r.ExternalID]
	if len(posts) != 1 || v["text"] != text {
		t.Fatalf("%v", posts)
	}
	reply, _ := v["reply"].(map[string]any)
	parent, _ := reply["parent"].(map[string]any)
	root, _ := reply["root"].(map[string]any)
	if parent["uri"] != m.Key.ExternalID || root["uri"] != m.Key.ExternalID || fmt.Sprint(v["langs"]) != "[nl]" {
		t.Errorf("%v", v)
	}
	facets, _ := v["facets"].([]any)
	if len(facets) != 2 {
		t.Fatalf("%v", facets)
	}
	for i, want := range []string{"@" + p.kim.Handle, "https://voorbeeld.nl/volgen"} {
		index := facets[i].(map[string]any)["index"].(map[string]any)
		if got := text[int(index["byteStart"].(float64)):int(index["byteEnd"].(float64))]; got != want {
			t.Errorf("facet %d marks %q, not %q", i, got, want)
		}
	}
	if mention := facets[0].(map[string]any)["features"].([]any)[0].(map[string]any); mention["did"] != p.kim.DID {
		t.Errorf("mentions %v, not %s", mention, p.kim.DID)
	}
	if other, err := pub.Publish(t.Context(), outgoing("attempt-2", m, "Nog iets. ^N")); err != nil || other.ExternalID == r.ExternalID {
		t.Errorf("%+v, %v", other, err)
	}
}

// TestPDSLength: what we count as 300 a real server takes, and what we refuse
// it would refuse too.
func TestPDSLength(t *testing.T) {
	p := newPDS(t)
	m := p.complaint()
	pub := bluesky.NewPublisher(p.cfg)
	for name, sign := range map[string]string{"letters": "é", "a family": "👨‍👩‍👧‍👦"[:11], "a flag": "🇳🇱", "a hand": "🙏🏽"} {
		n := 300
		if len(sign)*n > 3000 {
			n = 3000 / len(sign)
		}
		if _, err := pub.Publish(t.Context(), outgoing("fits "+name, m, strings.Repeat(sign, n))); err != nil {
			t.Errorf("%d of %s: %v", n, name, err)
		}
		if _, err := pub.Publish(t.Context(), outgoing("over "+name, m, strings.Repeat(sign, n+1))); !errors.Is(err, webcare.ErrInvalid) {
			t.Errorf("%d of %s: %v", n+1, name, err)
		}
		var s account
		p.call("", "com.atproto.server.createSession", map[string]string{"identifier": p.cfg.Handle, "password": pdsPassword}, &s)
		if code, _ := p.try(s.Access, "com.atproto.repo.createRecord", map[string]any{"repo": s.DID, "collection": "app.bsky.feed.post",
			"record": map[string]any{"$type": "app.bsky.feed.post", "text": strings.Repeat(sign, n+1), "createdAt": time.Now().UTC().Format(time.RFC3339)}}); code != http.StatusBadRequest {
			t.Errorf("the server answers %d to %d of %s", code, n+1, name)
		}
	}
}

// TestPDSSessions: a session is kept and used by the next process; one whose
// token is no longer good is renewed; one that is gone is opened anew; a wrong
// password is said with what to do.
func TestPDSSessions(t *testing.T) {
	p := newPDS(t)
	m := p.complaint()
	if _, err := bluesky.NewPublisher(p.cfg).Publish(t.Context(), outgoing("one", m, "Een. ^N")); err != nil {
		t.Fatal(err)
	}
	first := p.session()
	wrong := p.cfg
	wrong.Password = "another"
	if _, err := bluesky.NewPublisher(wrong).Publish(t.Context(), outgoing("two", m, "Twee. ^N")); err != nil || p.session() != first {
		t.Errorf("the session that was kept is not used: %v", err)
	}
	stale := first
	stale.Access = first.Access[:len(first.Access)-4] + "AAAA"
	p.keep(stale)
	if _, err := bluesky.NewPublisher(wrong).Publish(t.Context(), outgoing("three", m, "Drie. ^N")); err != nil {
		t.Errorf("not renewed: %v", err)
	}
	if now := p.session(); now.Access == stale.Access || now.Refresh == first.Refresh {
		t.Error("the session was not renewed")
	}
	p.keep(session{Access: stale.Access, Refresh: "gone", DID: first.DID})
	if _, err := bluesky.NewPublisher(p.cfg).Publish(t.Context(), outgoing("four", m, "Vier. ^N")); err != nil {
		t.Errorf("not opened anew: %v", err)
	}
	p.keep(session{Access: stale.Access, Refresh: "gone", DID: first.DID})
	_, err := bluesky.NewPublisher(wrong).Publish(t.Context(), outgoing("five", m, "Vijf. ^N"))
	var cred *channel.CredentialError
	if !errors.As(err, &cred) || !strings.Contains(cred.Todo, "app password") || !errors.Is(err, webcare.ErrUnavailable) || strings.Contains(err.Error(), wrong.Password) {
		t.Errorf("%v", err)
	}
	if n := len(p.posts(first.DID)); n != 4 {
		t.Errorf("%d posts", n)
	}
}

type session struct {
	Access  string `json:"accessJwt"`
	Refresh string `json:"refreshJwt"`
	DID     string `json:"did"`
}

func (p *pds) record() webcare.Record {
	p.t.Helper()
	rec, err := p.records.Get(p.t.Context(), "channel-session", "voorbeeld/bluesky", time.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	return rec
}

func (p *pds) session() (s session) {
	p.t.Helper()
	if err := json.Unmarshal(p.record().Body, &s); err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (p *pds) keep(s session) {
	p.t.Helper()
	rec := p.record()
	var err error
	if rec.Body, err = json.Marshal(s); err != nil {
		p.t.Fatal(err)
	}
	if err := p.records.Put(context.Background(), rec, time.Now()); err != nil {
		p.t.Fatal(err)
	}
}

// TestPDSGone: a post that the customer deleted: the server takes the reply all
// the same, for it asks nobody; what it says of a missing record is read right.
func TestPDSGone(t *testing.T) {
	p := newPDS(t)
	m := p.complaint()
	var none map[string]any
	p.call(p.kim.Access, "com.atproto.repo.deleteRecord", map[string]any{"repo": p.kim.DID, "collection": "app.bsky.feed.post", "rkey": m.Key.ExternalID[strings.LastIndexByte(m.Key.ExternalID, '/')+1:]}, &none)
	pub := bluesky.NewPublisher(p.cfg)
	out := outgoing("gone", m, "Excuses. ^N")
	if _, found, err := pub.Find(t.Context(), out); err != nil || found {
		t.Errorf("%v, %v", found, err)
	}
	if _, err := pub.Publish(t.Context(), out); err != nil {
		t.Error(err)
	}
	if _, found, err := pub.Find(t.Context(), out); err != nil || !found {
		t.Errorf("%v, %v", found, err)
	}
}
