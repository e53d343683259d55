package bluesky

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/channel/rest"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/webcare"
)

const collection = "app.bsky.feed.post"

// Publisher replies as one account.
type Publisher struct{ c *caller }

// NewPublisher returns a publisher; nothing is called yet.
func NewPublisher(cfg Config) *Publisher { return &Publisher{&caller{cfg: cfg}} }

// Class: a record exists once under its key, and can be looked for by it.
func (p *Publisher) Class() webcare.PublishClass {
	return webcare.PublishClass{Idempotent: true, Window: 365 * 24 * time.Hour, Findable: true, Timeout: 30 * time.Second}
}

// maxBytes beside the 300 graphemes, by the lexicon.
const maxBytes = 3000

type record struct {
	Type      string   `json:"$type"`
	Text      string   `json:"text"`
	CreatedAt string   `json:"createdAt"`
	Langs     []string `json:"langs,omitempty"`
	Reply     *reply   `json:"reply,omitempty"`
	Facets    []facet  `json:"facets,omitempty"`
}

type reply struct {
	Root   ref `json:"root"`
	Parent ref `json:"parent"`
}

type facet struct {
	Index struct {
		Start int `json:"byteStart"`
		End   int `json:"byteEnd"`
	} `json:"index"`
	Features []map[string]string `json:"features"`
}

// Publish creates the reply's record.
func (p *Publisher) Publish(ctx context.Context, out webcare.Outgoing) (r webcare.Receipt, err error) {
	defer webcare.Wrap(&err, "Publish(%s)", out.Key)
	d := out.Draft
	used, most := guard.Room("bluesky", d.Text)
	switch {
	case used > most || len(d.Text) > maxBytes:
		return r, webcare.Invalidf("too long for Bluesky: %d graphemes, %d fit", used, most)
	case d.PrivateText != "":
		return r, webcare.Refusedf("Bluesky takes no private half: send it from the app")
	case len(d.ReplyTo.References) < 2 || d.ReplyTo.ExternalID == "":
		return r, webcare.Invalidf("the post to answer is not known by its content hash")
	}
	did, err := p.c.did(ctx)
	if err != nil {
		return r, rest.Unsent(err)
	}
	rec := record{Type: collection, Text: d.Text, CreatedAt: p.c.cfg.Now().UTC().Format("2006-01-02T15:04:05.000Z"), Facets: p.facets(ctx, out),
		Reply: &reply{Root: ref{d.ReplyTo.Root, d.ReplyTo.References[1]}, Parent: ref{d.ReplyTo.ExternalID, d.ReplyTo.References[0]}}}
	if d.Language != "" {
		rec.Langs = []string{d.Language}
	}
	var made ref
	err = p.c.do(ctx, true, rest.Call{Path: "/xrpc/com.atproto.repo.createRecord",
		Body: map[string]any{"repo": did, "collection": collection, "rkey": Key(out.Key), "record": rec}, Out: &made})
	if err != nil {
		return r, err
	}
	return p.receipt(did, out.Key), nil
}

func (p *Publisher) receipt(did, key string) webcare.Receipt {
	return webcare.Receipt{ExternalID: "at://" + did + "/" + collection + "/" + Key(key),
		URL: "https://bsky.app/profile/" + url.PathEscape(p.c.cfg.Handle) + "/post/" + Key(key)}
}

// Find looks for the record under the attempt's key.
func (p *Publisher) Find(ctx context.Context, out webcare.Outgoing) (r webcare.Receipt, found bool, err error) {
	defer webcare.Wrap(&err, "Find(%s)", out.Key)
	did, err := p.c.did(ctx)
	if err != nil {
		return r, false, err
	}
	var there ref
	err = p.c.do(ctx, false, rest.Call{Path: "/xrpc/com.atproto.repo.getRecord", Query: url.Values{"repo": {did}, "collection": {collection}, "rkey": {Key(out.Key)}}, Out: &there})
	var st *rest.StatusError
	switch {
	case err == nil && there.URI == "":
		return r, false, webcare.Invalidf("Bluesky: a record without an address")
	case err == nil:
		return p.receipt(did, out.Key), true, nil
	case errors.Is(err, webcare.ErrNotFound), errors.As(err, &st) && strings.Contains(string(st.Body), `"RecordNotFound"`):
		return r, false, nil
	}
	return r, false, err
}

// Keys are times in base 32 that sort (atproto.com/specs/tid): 53 bits of
// microseconds and 10 of a clock's number.
const sortable = "234567abcdefghijklmnopqrstuvwxyz"

// The times of our keys lie in two years past: not one of them is in the
// future, and no other program makes keys there any more.
var (
	keysFrom = time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	keysSpan = uint64(2 * 365 * 24 * time.Hour / time.Microsecond)
)

// Key is the record key of an attempt: the same for every try, another for
// any other attempt (56 bits of its digest).
func Key(attempt string) string {
	sum := sha256.Sum256([]byte(attempt))
	at := uint64(keysFrom) + binary.BigEndian.Uint64(sum[:8])%keysSpan
	n := at<<10 | uint64(binary.BigEndian.Uint16(sum[8:10])&1023)
	var out [13]byte
	for i := 12; i >= 0; i-- {
		out[i] = sortable[n&31]
		n >>= 5
	}
	return string(out[:])
}

var marks = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:!?)'\]]|@[a-zA-Z0-9][a-zA-Z0-9-]*(?:\.[a-zA-Z0-9-]+)*\.[a-zA-Z]{2,}`)
})

// facets marks links and mentions by byte offsets. A handle that cannot be
// resolved stays plain text.
func (p *Publisher) facets(ctx context.Context, out webcare.Outgoing) (fs []facet) {
	text := out.Draft.Text
	for _, at := range marks().FindAllStringIndex(text, 20) {
		word := text[at[0]:at[1]]
		feature := map[string]string{"$type": "app.bsky.richtext.facet#link", "uri": word}
		if handle, ok := strings.CutPrefix(word, "@"); ok {
			did := p.resolve(ctx, handle, out)
			if did == "" {
				continue
			}
			feature = map[string]string{"$type": "app.bsky.richtext.facet#mention", "did": did}
		}
		f := facet{Features: []map[string]string{feature}}
		f.Index.Start, f.Index.End = at[0], at[1]
		fs = append(fs, f)
	}
	return fs
}

func (p *Publisher) resolve(ctx context.Context, handle string, out webcare.Outgoing) string {
	if strings.EqualFold("@"+handle, out.Latest.Author.Handle) {
		return owner(out.Draft.ReplyTo.ExternalID)
	}
	var res struct {
		DID string `json:"did"`
	}
	if err := p.c.do(ctx, false, rest.Call{Path: "/xrpc/com.atproto.identity.resolveHandle", Query: url.Values{"handle": {handle}}, Out: &res}); err != nil {
		return ""
	}
	return res.DID
}
