package draft

import (
	"webcare.example/responder/internal/guard"
)

// short kinds get one sentence for what we do, and initials.
func short(kind string) bool { return kind == "x" || kind == "bluesky" || kind == "mastodon" }

// fits reports whether the reply fits its channel, with what the channel puts
// before it.
func (r *reading) fits(reply string) bool {
	used, most := r.room(reply)
	return most == 0 || used <= most
}

// room is how much of the channel a reply takes, and how much there is.
func (r *reading) room(reply string) (used, most int) {
	if r.req.Case == nil {
		return guard.Room(r.kind, reply)
	}
	return r.posting.Room(reply)
}
