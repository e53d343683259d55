package guard

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// CannotPost is the rule by which the guard says what a channel would refuse,
// beside length.
const CannotPost = "15-cannot-post"

// Posting is what a channel lets us post in answer to a case, as far as that
// is known before anything is written: whether at all, how long, and whether
// with a private half.
type Posting struct {
	Closed string // why no reply can be posted, in words; "" where one can
	// NoPrivate says why no private half can follow the public one, "" where it
	// can; ByHand that a person could send it all the same.
	NoPrivate string
	ByHand    bool
	// PrivateUntil is when a private half can be posted last, zero for always.
	PrivateUntil time.Time
	Before       string // what stands before every reply: the customer's handle
	Most         int    // what fits, where that is less than the kind's; 0 otherwise

	kind string
}

// privately is how long Meta lets a comment be answered privately
// (developers.facebook.com/docs/messenger-platform/discovery/private-replies).
const privately = 7 * 24 * time.Hour

// PostingOf says what a case's channel lets us post at a time. A channel that
// takes fewer characters than its kind says so in the brand file, as
// settings.length.
func PostingOf(c *webcare.Case, b *brand.Brand, now time.Time) Posting {
	p := Posting{kind: c.Head.Channel}
	if ch, ok := b.Channel(c.Head.Channel); ok {
		if ch.Kind != "" {
			p.kind = ch.Kind
		}
		p.Most, _ = strconv.Atoi(ch.Settings["length"]) // none is 0
	}
	latest, _ := c.LatestInbound()
	switch p.kind {
	case "mastodon":
		p.Before = latest.Author.Handle
	case "bluesky":
		p.NoPrivate, p.ByHand = "Bluesky takes no private message from here: the public reply leads to one", true
	case "google", "trustpilot":
		p.NoPrivate = "a review is answered in public only"
		if answered(c) {
			p.Closed = "the review has our reply already, and a second would replace it: change that one on the site"
		}
	case "facebook", "instagram":
		if !latest.PostedAt.IsZero() {
			p.PrivateUntil = latest.PostedAt.Add(privately)
		}
		if !p.PrivateUntil.IsZero() && !now.Before(p.PrivateUntil) {
			p.NoPrivate = "a comment can be answered privately for seven days, which were over on " + p.PrivateUntil.UTC().Format("2 January 15:04") + " UTC"
		}
	}
	return p
}

// answered reports whether a reply of ours stands.
func answered(c *webcare.Case) bool {
	for _, e := range c.Conversation() {
		if e.Value.Ours && !e.Value.Deleted {
			return true
		}
	}
	return false
}

// Room returns how much of the channel's length a reply takes, with what stands
// before it, and how much there is; most is 0 where there is no limit.
func (p Posting) Room(reply string) (used, most int) {
	if p.Before != "" && !strings.Contains(strings.ToLower(reply), strings.ToLower(p.Before)) {
		reply = p.Before + " " + reply
	}
	used, most = Room(p.kind, reply)
	if p.Most > 0 && (most == 0 || p.Most < most) {
		most = p.Most
	}
	return used, most
}

// Refuses finds what the channel would refuse of a draft, beside what rule 11
// counts in the text itself. It changes with time alone.
func (p Posting) Refuses(d webcare.Draft) (out []webcare.Finding) {
	if p.Closed != "" {
		out = append(out, webcare.Finding{Rule: CannotPost, Severity: webcare.Warning, Message: p.Closed, End: len(d.Text)})
	}
	if p.NoPrivate != "" && d.PrivateText != "" {
		f := webcare.Finding{Rule: CannotPost, Severity: webcare.Blocking, Message: p.NoPrivate, End: len(d.PrivateText), Field: "private_text"}
		if p.ByHand {
			f.Severity = webcare.Warning
		}
		out = append(out, f)
	}
	for _, field := range []string{"", "private_text"} {
		text := d.Text
		if field != "" {
			if text = d.PrivateText; p.kind != "mastodon" { // whose private messages are posts
				break
			}
		}
		alone, fits := Room(p.kind, text)
		used, most := p.Room(text)
		if text == "" || most == 0 || used <= most || (alone > fits && field == "") {
			continue // or rule 11 says so
		}
		out = append(out, webcare.Finding{Rule: TooLong, Severity: webcare.Blocking, Start: 0, End: len(text), Field: field,
			Message: fmt.Sprintf("too long for %s: %d with the customer's handle before it, %d fit", p.kind, used, most)})
	}
	return out
}
