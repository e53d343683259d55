package inbox

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"webcare.example/responder/internal/webcare"
)

func TestDecodeHook(t *testing.T) {
	got, err := DecodeHook([]byte(`{"id":"t-1","text":"  Waar\u0000 is mijn\r\npakket? \ud800","channel":"X","subject":"a\nb","author":{"name":"Bas","handle":"@bas"},
		"thread":77,"url":"https://x.example/1","posted_at":"2025-03-03T14:02:11.5+01:00","language":"NL","brand":"voorbeeld","visibility":"unlisted","stars":"2","subject":"c\td"}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Digest) != 64 {
		t.Errorf("digest %q", got.Digest)
	}
	got.Digest = ""
	want := webcare.Message{Key: webcare.Key{Channel: "x", ExternalID: "t-1"}, Brand: "voorbeeld", Thread: "77", Author: webcare.Author{Name: "Bas", Handle: "@bas"},
		Subject: "c d", Text: "Waar is mijn\npakket? \uFFFD", Language: "nl", Visibility: webcare.Unlisted, URL: "https://x.example/1",
		ReplyTo: webcare.ReplyTarget{ExternalID: "t-1", URL: "https://x.example/1"}, PostedAt: time.Date(2025, 3, 3, 13, 2, 11, 500_000_000, time.UTC), Stars: 2}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestDecodeHookDefaults(t *testing.T) {
	m, err := DecodeHook([]byte(`{"text":"x","author":"Jan","stars":null}`))
	if err != nil || m.Key != (webcare.Key{Channel: "inbox"}) || m.Visibility != webcare.Public || m.Author.Name != "Jan" || !m.PostedAt.IsZero() {
		t.Errorf("%+v, %v", m, err)
	}
	m, err = DecodeHook([]byte(`{"text":"x","channel":"email","author":{"address":"a@example.org"}}`))
	if err != nil || m.Visibility != webcare.Private || len(m.ReplyTo.Recipients) != 1 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestDecodeHookRefuses(t *testing.T) {
	for body, want := range map[string]string{
		``:                                      "body: empty",
		`{`:                                     "no JSON at byte 1",
		`{"text":"a"} x`:                        "no JSON at byte",
		`[]`:                                    "where an object is expected",
		`null`:                                  "null is no message",
		`{}`:                                    "text: missing",
		`{"text":""}`:                           "text: missing",
		`{"text":" \n\u0000"}`:                  "text: empty",
		`{"text":5}`:                            "text: a number where a string is expected",
		`{"text":"a","colour":"red"}`:           "colour: unknown field; known are author, brand",
		`{"text":"a","Text":"b"}`:               "Text: unknown field",
		`{"text":"a","id":1.5}`:                 "id: a number where a string or a whole number",
		`{"text":"a","id":{}}`:                  "id: an object where",
		`{"text":"a","stars":0}`:                "stars: 0 is no whole number between 1 and 5",
		`{"text":"a","stars":3.5}`:              "stars: 3.5 is no whole number",
		`{"text":"a","stars":[]}`:               "stars: a list where a number",
		`{"text":"a","author":7}`:               "author: a number where a name or an object",
		`{"text":"a","author":{"x":1}}`:         "author: expected {",
		`{"text":"a","posted_at":"gisteren"}`:   `posted_at: "gisteren" is no time`,
		`{"text":"a","posted_at":"0001-01-01"}`: "posted_at: the year 1 is out of range",
		`{"text":"a","posted_at":true}`:         "posted_at: true or false where a time",
		`{"text":"a","url":"javascript:x"}`:     "url:",
		`{"text":"a","url":"//x"}`:              "url:",
		`{"text":"a","visibility":"secret"}`:    "visibility: \"secret\" is none of",
		`{"text":"a","channel":"x/y"}`:          "channel: \"x/y\"",
		`{"text":"a","brand":"a b"}`:            "brand:",
		`{"text":"a","language":"` + strings.Repeat("x", 50) + `"}`: "language:",
		`{"text":"a","id":"` + strings.Repeat("x", 1000) + `"}`:     "id: 1000 bytes, at most 900",
		`{"text":"` + strings.Repeat("x", MaxText+1) + `"}`:         "text: 262145 bytes, at most 262144",
		`{"text":"` + strings.Repeat("x", 10<<20) + `"}`:            "body: 10485771 bytes, at most 1048576",
		strings.Repeat("[", 100_000):                                "no JSON",
	} {
		m, err := DecodeHook([]byte(body))
		if !errors.Is(err, webcare.ErrInvalid) || !strings.Contains(err.Error(), want) || len(err.Error()) > 600 {
			t.Errorf("%.80s: %+v, %v, want %q", body, m, err, want)
		}
	}
}

// The same message is the same, however it is written; another one is not.
func TestDigest(t *testing.T) {
	digest := func(body string) string {
		m, err := DecodeHook([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return m.Digest
	}
	one := digest(`{"id":"1","text":"a","posted_at":"2025-03-03T14:00:00+01:00"}`)
	if other := digest(`{ "posted_at":"2025-03-03T13:00:00Z", "text":"a", "id":1 }`); other != one {
		t.Error("written otherwise, it is another message")
	}
	for _, body := range []string{`{"id":"1","text":"b","posted_at":"2025-03-03T13:00:00Z"}`, `{"id":"1","text":"a"}`, `{"id":"1","text":"a","author":"x","posted_at":"2025-03-03T13:00:00Z"}`} {
		if digest(body) == one {
			t.Errorf("%s is the same message", body)
		}
	}
}

func TestMessageWithoutIDIsNamedByContent(t *testing.T) {
	a, b := Post{Text: "a"}.Message(), Post{Text: "b"}.Message()
	if a.Key.ExternalID != "sha256:"+a.Digest || a.Key == b.Key || a.Key != (Post{Text: "a"}).Message().Key || a.ReplyTo.ExternalID != "" {
		t.Errorf("%+v, %+v", a.Key, b.Key)
	}
}

func TestTimes(t *testing.T) {
	for in, want := range map[string]string{
		"2025-03-31": "2025-03-31T00:00:00Z", "31-3-2025": "2025-03-31T00:00:00Z", "3-4-2025 9:05": "2025-04-03T09:05:00Z", "03/04/2025 09:05:06": "2025-04-03T09:05:06Z",
		"31.03.2025": "2025-03-31T00:00:00Z", "2025-03-31 14:05": "2025-03-31T14:05:00Z", "1743422700": "2025-03-31T12:05:00Z", "1743422700000": "2025-03-31T12:05:00Z",
		"2025-03-31T14:05:00+02:00": "2025-03-31T12:05:00Z",
	} {
		if got, err := parseTime(in); err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%q: %v, %v, want %s", in, got, err, want)
		}
	}
}

func FuzzDecodeHook(f *testing.F) {
	f.Add([]byte(`{"id":"t-1","text":"Waar is mijn pakket?","author":{"name":"Bas"},"stars":2,"posted_at":"2025-03-03"}`))
	f.Add([]byte(`{"text":"a","url":"https://x.example/%zz","thread":9}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := DecodeHook(body)
		if err != nil {
			if !errors.Is(err, webcare.ErrInvalid) {
				t.Error(err)
			}
			return
		}
		if m.Text == "" || len(m.Digest) != 64 || strings.ContainsAny(m.Key.ExternalID+m.Author.Name+m.Thread, "\x00\n") {
			t.Errorf("%+v", m)
		}
	})
}
