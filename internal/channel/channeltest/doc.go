// Package channeltest holds every channel to one set of promises: that posts
// are taken once and none is missed, from a saved cursor and through kills;
// that the brand's own posts, colleagues' replies and bystanders are told
// apart; that edits and deletions arrive as revisions; that limits, expired
// credentials and broken answers harm nothing and are said in words; that
// replies fit, go where they belong, and are posted once whatever happens to
// the connection; and that no secret stands in an error.
//
// It is tests only. A channel joins by a subject of its own (subjects_test.go);
// the suites find there what platform, source and publisher there are.
package channeltest
