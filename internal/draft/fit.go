package draft

import (
	"webcare.example/responder/internal/guard"
)

// short kinds get one sentence for what we do, and initials.
func short(kind string) bool { return kind == "x" || kind == "bluesky" || kind == "mastodon" }

// fits reports whether the reply fits its channel, as the guard counts.
func fits(reply, kind string) bool {
	used, most := guard.Room(kind, reply)
	return most == 0 || used <= most
}
