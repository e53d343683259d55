package webcare

import "time"

// Message is one thing somebody wrote, as received. It never changes: an edit
// or deletion is a further Message with the same Key and a higher Revision.
type Message struct {
	ID     MessageID `json:"id"`
	Key    Key       `json:"key"`
	Brand  string    `json:"brand"`
	Thread string    `json:"thread,omitempty"` // the channel's own thread id

	// Ours marks what the brand itself wrote: our posted replies and those of
	// a colleague in the platform's own app.
	Ours   bool   `json:"ours,omitempty"`
	Author Author `json:"author"`
	// Answers is, for what is ours, the sequence of the customer's latest
	// message that it was written for; -1 for none, 0 where nobody noted it:
	// then all that stood before it.
	Answers int64 `json:"answers,omitempty"`

	Subject  string `json:"subject,omitempty"`
	Text     string `json:"text"`              // the customer's new words only
	History  string `json:"history,omitempty"` // quoted history and signature, kept apart
	Language string `json:"language,omitempty"`

	Visibility  Visibility   `json:"visibility"`
	URL         string       `json:"url,omitempty"`
	ReplyTo     ReplyTarget  `json:"reply_to"`
	PostedAt    time.Time    `json:"posted_at"`
	ReceivedAt  time.Time    `json:"received_at"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Raw         BlobName     `json:"raw,omitempty"`

	// Automatic says why this was written by a machine ("auto-submitted",
	// "bounce", "feedback report", "list"); such a message never gets a draft.
	Automatic string `json:"automatic,omitempty"`
	// BounceOf is the id that we gave the outgoing mail which this bounce is about.
	BounceOf string `json:"bounce_of,omitempty"`
	// Warnings mark what a person should know: "reply-to differs from sender",
	// "DMARC failed", "charset guessed".
	Warnings []string `json:"warnings,omitempty"`
	Stars    int      `json:"stars,omitempty"` // 1..5 on review sites, 0 elsewhere

	Revision int  `json:"revision,omitempty"`
	Deleted  bool `json:"deleted,omitempty"`
	// Digest identifies the bytes the source delivered: the same id with another
	// digest is another message under a stolen name, and refused.
	Digest string `json:"digest,omitempty"`
	// Imported history is stored and tallied, but gets no draft.
	Imported bool `json:"imported,omitempty"`
}

// Key is what a channel calls a message: unique within the channel for ever.
type Key struct {
	Channel    string `json:"channel"`
	ExternalID string `json:"external_id"`
}

// Author is who wrote, as the channel shows it.
type Author struct {
	Name    string `json:"name,omitempty"`
	Handle  string `json:"handle,omitempty"`  // @name or profile id
	Address string `json:"address,omitempty"` // mail address, for mail
}

// CustomerKey names the author on this channel: address, else handle, else name.
func (a Author) CustomerKey() string {
	switch {
	case a.Address != "":
		return a.Address
	case a.Handle != "":
		return a.Handle
	}
	return a.Name
}

// ReplyTarget says where an answer goes, in the channel's own terms.
type ReplyTarget struct {
	ExternalID string   `json:"external_id,omitempty"` // the post or Message-ID answered to
	Root       string   `json:"root,omitempty"`        // first post of the thread, where that matters
	References []string `json:"references,omitempty"`  // mail: the References header to send
	Recipients []string `json:"recipients,omitempty"`  // mail: where the answer goes
	URL        string   `json:"url,omitempty"`         // assisted posting: the page to open
}

// Attachment is a file that came with a message.
type Attachment struct {
	Name      string   `json:"name"`
	MediaType string   `json:"media_type"`
	Size      int64    `json:"size"` // bytes
	Blob      BlobName `json:"blob,omitempty"`
}

// Visibility is who can read a message or a reply.
type Visibility string

// Visibilities.
const (
	Public   Visibility = "public"
	Unlisted Visibility = "unlisted"
	Private  Visibility = "private"
)

// IsPublic reports whether strangers can read it.
func (v Visibility) IsPublic() bool { return v != Private }
