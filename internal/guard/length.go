package guard

import (
	"fmt"
	"sort"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// limit is how long a reply may be on a channel, and how the channel counts.
type limit struct {
	most  int
	unit  string
	count func(string) int
}

var limits = map[string]limit{
	"x":          {280, "weighted characters", weighted},          // developer.x.com: counting characters
	"bluesky":    {300, "graphemes", uniseg.GraphemeClusterCount}, // app.bsky.feed.post lexicon
	"mastodon":   {500, "characters", mastodonLength},             // docs.joinmastodon.org: posting
	"threads":    {500, "characters", utf8.RuneCountInString},
	"sms":        {459, "characters", smsLength}, // three parts
	"instagram":  {2200, "characters", utf8.RuneCountInString},
	"facebook":   {8000, "characters", utf8.RuneCountInString},
	"messenger":  {2000, "characters", utf8.RuneCountInString},
	"whatsapp":   {4096, "characters", utf8.RuneCountInString},
	"linkedin":   {1250, "characters", utf8.RuneCountInString},
	"tiktok":     {150, "characters", utf8.RuneCountInString},
	"youtube":    {10000, "characters", utf8.RuneCountInString},
	"google":     {4096, "bytes", func(s string) int { return len(s) }},
	"review":     {4096, "characters", utf8.RuneCountInString},
	"app_store":  {5970, "characters", utf8.RuneCountInString},
	"play_store": {350, "characters", utf8.RuneCountInString},
}

var channelNames = map[string]string{"twitter": "x", "reviews": "review", "trustpilot": "review", "appstore": "app_store",
	"playstore": "play_store", "google_review": "google", "bsky": "bluesky", "fb": "facebook", "ig": "instagram"}

// tooLong (rule 11) counts as the channel counts: X weighs signs and takes 23
// for any link, Bluesky counts graphemes, Mastodon 23 for a link and only the
// local part of a handle. Channels without a known limit have none.
func tooLong(r *reading) []found {
	l, ok := limitOf(r.Channel)
	if !ok || r.Half && !r.Public {
		return nil
	}
	n := l.count(r.Reply)
	if n <= l.most {
		return nil
	}
	return []found{{l.fits(r.Reply), len(r.Reply), fmt.Sprintf("too long for %s: %d %s, %d fit", r.Channel, n, l.unit, l.most)}}
}

func limitOf(channel string) (limit, bool) {
	if name, ok := channelNames[channel]; ok {
		channel = name
	}
	l, ok := limits[channel]
	return l, ok
}

// Room returns how much of a channel's length a reply takes and how much
// there is; most is 0 where the channel has no limit.
func Room(channel, reply string) (used, most int) {
	l, ok := limitOf(channel)
	if !ok {
		return utf8.RuneCountInString(reply), 0
	}
	return l.count(reply), l.most
}

// fits returns the offset of the first rune that no longer fits.
func (l limit) fits(s string) int {
	starts := make([]int, 0, len(s))
	for i := range s {
		starts = append(starts, i)
	}
	over := sort.Search(len(starts), func(i int) bool { return l.count(s[:starts[i]]) > l.most })
	return starts[max(0, over-1)]
}

const linkWeight = 23

// weighted counts as X does: a link 23, an emoji 2, Latin and the like 1, all else 2.
func weighted(s string) int {
	s = norm.NFC.String(s)
	total := 0
	from := 0
	for _, l := range links(s) {
		if !l.counts {
			continue
		}
		total += weightedText(s[from:l.start]) + linkWeight
		from = l.end
	}
	return total + weightedText(s[from:])
}

func weightedText(s string) int {
	total := 0
	for s != "" {
		cluster, rest, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
		s = rest
		total += clusterWeight(cluster)
	}
	return total
}

// clusterWeight weighs a grapheme: an emoji sequence counts as one sign of weight 2.
func clusterWeight(cluster string) int {
	w := 0
	for _, r := range cluster {
		switch {
		case isPicture(r):
			return 2
		case r <= 4351, r >= 8192 && r <= 8205, r >= 8208 && r <= 8223, r >= 8242 && r <= 8247:
			w++
		default:
			w += 2
		}
	}
	return w
}

// mastodonLength counts a link as 23 and of @name@host only @name.
func mastodonLength(s string) int {
	total, from := 0, 0
	for _, l := range links(s) {
		switch {
		case l.fediverse:
			total += uniseg.GraphemeClusterCount(s[from:l.start])
			from = l.end
		case l.counts:
			total += uniseg.GraphemeClusterCount(s[from:l.start]) + linkWeight
			from = l.end
		}
	}
	return total + uniseg.GraphemeClusterCount(s[from:])
}

// smsLength counts septets; a sign outside GSM 03.38 makes every sign cost
// so much that 201 of them fill the three parts that hold 459 septets.
func smsLength(s string) int {
	septets, units := 0, 0
	gsm := true
	for _, r := range s {
		units++
		if r > 0xffff {
			units++
		}
		switch {
		case r == '^' || r == '{' || r == '}' || r == '\\' || r == '[' || r == '~' || r == ']' || r == '|' || r == '€':
			septets += 2
		case r < 0x80 && r != '`' || isGSM(r):
			septets++
		default:
			gsm = false
		}
	}
	if gsm {
		return septets
	}
	return (units*459 + 200) / 201
}

func isGSM(r rune) bool {
	switch r {
	case '£', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', 'Ø', 'ø', 'Å', 'å', 'Æ', 'æ', 'ß', 'É', '¤', '¡', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'ä', 'ö', 'ñ', 'ü', 'à':
		return true
	}
	return false
}
