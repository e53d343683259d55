// Package bluesky reads notifications and searches on Bluesky, and replies.
//
// # What to click
//
// In the app, as the brand: Settings > Privacy and security > App passwords >
// Add; leave "Allow access to direct messages" off. In the brand file:
//
//	channels:
//	  - name: bluesky
//	    secrets: {password: "env:WEBCARE_BLUESKY_PASSWORD"}
//	    settings:
//	      handle: voorbeeld.nl
//	      server: https://bsky.social   # the default; your own PDS otherwise
//	      searches: "voorbeeld bezorging"   # optional
//
// and WEBCARE_BLUESKY_PASSWORD in the environment. The password itself is used
// once: createSession is limited to 300 a day and account, so the session is
// kept in the store and refreshed (an access token lasts about two hours, a
// refresh token about two months and is good once).
//
// # What it does
//
// Lists come newest first, so a poll pages down to where the last one began,
// and keeps its place when it is cut off (channel.Stream). The posts of open cases
// are looked at again: what is gone was deleted. A reply names its parent and
// the root of the thread by address and content hash, marks links and mentions
// by byte offsets (facets), and has at most 300 graphemes. Its record key is
// made from the attempt's key: a record exists once under its key, so a repeat
// cannot post twice, and a look (getRecord) tells whether a reply was posted.
//
// Formats: docs.bsky.app/docs/advanced-guides/posts, the lexicons
// com.atproto.server.createSession, com.atproto.repo.createRecord,
// app.bsky.notification.listNotifications, app.bsky.feed.searchPosts;
// atproto.com/specs/tid; docs.bsky.app/docs/advanced-guides/rate-limits.
package bluesky
