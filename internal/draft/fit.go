package draft

import (
	"regexp"

	"webcare.example/responder/internal/text"
)

// Limits of a reply by kind of channel, as each platform counts; kinds that
// are not here have room enough.
var limits = map[string]int{"x": 280, "bluesky": 300, "mastodon": 500, "instagram": 1000, "facebook": 2000, "review": 2000}

// short kinds get one sentence for what we do, and initials.
func short(kind string) bool { return kind == "x" || kind == "bluesky" || kind == "mastodon" }

var linkForm = regexp.MustCompile(`https?://\S+`)

// length counts a reply as its platform does: x weighs a link as 23, and signs
// beyond the Latin ones double; mastodon weighs a link as 23; bluesky and the
// rest count graphemes.
func length(reply, kind string) int {
	if kind != "x" && kind != "mastodon" {
		return text.Graphemes(reply)
	}
	links := 0
	rest := linkForm.ReplaceAllStringFunc(reply, func(string) string { links++; return "" })
	if kind == "mastodon" {
		return text.Graphemes(rest) + 23*links
	}
	weight := 0
	for _, r := range rest {
		weight += 2
		if r <= 0x10FF || r >= 0x2000 && r <= 0x200D || r >= 0x2010 && r <= 0x201F || r >= 0x2032 && r <= 0x2037 {
			weight--
		}
	}
	return weight + 23*links
}

// fits reports whether the reply fits its channel.
func fits(reply, kind string) bool {
	limit, bounded := limits[kind]
	return !bounded || length(reply, kind) <= limit
}
