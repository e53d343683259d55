// Package mastodon reads mentions, hashtags and searches on a Mastodon
// instance, and replies.
//
// # What to click
//
// On the brand's instance: Preferences > Development > New application. Scopes
// read:notifications read:statuses read:accounts read:search write:statuses;
// nothing else. Copy "Your access token". In the brand file:
//
//	channels:
//	  - name: mastodon
//	    secrets: {token: "env:WEBCARE_MASTODON_TOKEN"}
//	    settings:
//	      server: https://mastodon.nl
//	      hashtags: voorbeeld, voorbeeldbezorgt   # optional
//	      searches: "voorbeeld bezorging"         # optional; where the instance searches posts
//	      length: "400"                           # where the instance takes fewer than 500 characters; health says so
//
// and WEBCARE_MASTODON_TOKEN in the environment. A token lasts until it is
// withdrawn under the same page.
//
// # What it does
//
// Mentions come from notifications, paged upwards by min_id, so none is missed
// between two polls; own posts from the account's timeline, so that a
// colleague's reply in the app stops the clock. The thread of a reply is the
// first of its ancestors. Open cases are looked at again for edits
// (edited_at) and deletions. A reply keeps the visibility and language of the
// post, begins with the customer's handle (that is how Mastodon addresses), and
// carries the attempt as Idempotency-Key, which an instance keeps for an hour:
// the publisher is idempotent for that long, and after it a person looks.
//
// Formats: docs.joinmastodon.org/methods/notifications, /methods/statuses,
// /methods/accounts, /methods/search, /methods/timelines, /methods/instance,
// /entities/Status, /api/rate-limits.
package mastodon
