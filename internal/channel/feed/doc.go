// Package feed finds what is written about a brand where nobody addresses it:
// news, columns, blogs and their comments, by RSS, Atom and JSON feeds.
//
// # What to set
//
// Nothing to click. In the brand file:
//
//	channels:
//	  - name: feed
//	    settings:
//	      feeds: "https://krant.example/economie.rss https://blog.example/comments/feed/"
//	      names: "Voorbeeld, Voorbeeld.nl"   # default: the brand's name
//	      every: 10m                         # default
//
// # What it does
//
// A feed is asked with If-None-Match and If-Modified-Since, never more often
// than every few minutes, and one that fails waits alone. An entry that names
// the brand in its title, summary or text is a post; its page is fetched and
// the article's text taken from it (article.go), or the feed's own text where
// the page cannot be read. An entry that changes later is a revision. Feeds
// tell nothing of deletions, and drop old entries: what comes and goes between
// two looks is missed. Answering is by hand: the case has the page's address.
//
// Every connection is checked to lead to the public internet, redirects too.
//
// Formats: rssboard.org/rss-specification, RFC 4287 (Atom), jsonfeed.org/version/1.1,
// RFC 9110 section 13 (conditional requests), read by mmcdole/gofeed.
package feed
