package webcare

import (
	"encoding/json"
	"strings"
)

// Limits of what a Head carries, so that it stays under MaxHeadBytes. Sizes of
// texts are those of their JSON, in which one character may take six bytes.
const (
	MaxHeadBytes  = 4000
	maxFrictions  = 8
	maxHeadText   = 200 // subject, excerpt, name, URL each
	maxActorName  = 60
	maxTags       = 12
	maxTagBytes   = 40
	maxReasonText = 300
)

// clip shortens s to what takes at most n bytes in JSON, between characters.
func clip(s string, n int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	for i, r := range s {
		if n -= encodedSize(r); n < 0 {
			return s[:i]
		}
	}
	return s
}

// encodedSize is how many bytes encoding/json writes for a character.
func encodedSize(r rune) int {
	switch r {
	case '"', '\\', '\n', '\r', '\t', '\b', '\f':
		return 2
	case '<', '>', '&', '\u2028', '\u2029':
		return 6
	}
	if r < ' ' {
		return 6
	}
	return len(string(r))
}

// fit shortens what a head only shows until it fits. The whole texts stand in
// the case's messages, triages and events.
func (h *Head) fit() {
	for _, n := range []int{120, 60, 0} {
		b, err := json.Marshal(h)
		if err != nil || len(b) < MaxHeadBytes {
			return // an error is Save.Check's to report
		}
		for _, s := range []*string{&h.Excerpt, &h.Subject, &h.Disagreement, &h.URL, &h.Author.Name} {
			*s = clip(*s, n)
		}
		for _, s := range []*string{&h.Attention, &h.EscalatedTo, &h.WaitingFor} {
			*s = clip(*s, max(n, 40)) // never empty: that would mean something else
		}
	}
}
