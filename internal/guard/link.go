package guard

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// foreignLink (rule 12) lets a reply link to the brand's hosts, their
// subdomains and its URL prefixes only. It reads what a platform or a mail
// program would make clickable: links with any scheme, www., bare domains,
// Markdown targets, mail links. Tricks fail: user info before an @, another
// port, a host that merely begins with ours, look-alike letters, punycode,
// backslashes. A mail address is no link, and neither is a fediverse handle.
func foreignLink(r *reading) []found {
	var out []found
	for _, l := range links(r.Reply) {
		if l.fediverse || r.allowed(l) {
			continue
		}
		out = append(out, found{l.start, l.end, "links outside the brand's own pages: " + l.host})
	}
	return out
}

// link is a stretch that a reader can click.
type link struct {
	start, end int
	scheme     string // lower case; "" for a bare domain
	host       string // as written, lower case
	raw        string
	counts     bool // weighs as a link on X and Mastodon
	fediverse  bool // @name@host
}

var (
	schemeLink = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\b(https?|hxxps?|ftp|javascript|data|file|intent|sms|tg|whatsapp|signal|viber|mailto|market|itms-apps)(:\\/\\/|:/{0,3}|\[:\]//)[^\s<>"”»]+`)
	})
	bareDomain = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`[\pL\pN][\pL\pN_-]*(?:[.。．｡][\pL\pN_-]+)+(?::\d{2,5})?(?:[/?#][^\s<>"”»]*)?`)
	})
	numericURL = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\d{1,3}(\.\d{1,3}){3}(:\d+)?(/|$)`)
	})
)

// links returns the links in s, in order and without overlap.
func links(s string) []link {
	var out []link
	schemes, domains := mayLink(s)
	if !schemes && !domains {
		return nil
	}
	for _, m := range findIf(schemes, schemeLink, s) {
		end := m[0] + len(trimLink(s[m[0]:m[1]]))
		if l, ok := withScheme(s[m[0]:end]); ok {
			l.start, l.end = m[0], end
			out = append(out, l)
		}
	}
	from := out
	for _, m := range findIf(domains, bareDomain, s) {
		if touches(from, m[0], m[1]) {
			continue
		}
		end := m[0] + len(trimLink(s[m[0]:m[1]]))
		if l, ok := bare(s, m[0], end); ok {
			out = append(out, l)
		}
	}
	sortLinks(out)
	return out
}

// mayLink is a cheap look before the patterns are tried: a colon or a dot with
// something right behind it.
func mayLink(s string) (schemes, domains bool) {
	for i := 0; i+1 < len(s); i++ {
		next := s[i+1] > ' '
		schemes = schemes || s[i] == ':' && next
		domains = domains || s[i] == '.' && next && s[i+1] != '.' || s[i] >= 0x80
	}
	return schemes, domains
}

func findIf(may bool, pattern func() *regexp.Regexp, s string) [][]int {
	if !may {
		return nil
	}
	return pattern().FindAllStringIndex(s, -1)
}

func sortLinks(l []link) {
	for i := 1; i < len(l); i++ {
		for j := i; j > 0 && l[j].start < l[j-1].start; j-- {
			l[j], l[j-1] = l[j-1], l[j]
		}
	}
}

func touches(l []link, start, end int) bool {
	for _, x := range l {
		if start < x.end && end > x.start {
			return true
		}
	}
	return false
}

// trimLink cuts the marks that end a sentence, not a link. A closing bracket
// stays where its opening one is inside.
func trimLink(s string) string {
	for s != "" {
		c := s[len(s)-1]
		switch {
		case strings.IndexByte(".,;:!?'*_~", c) >= 0,
			c == ')' && strings.Count(s, "(") < strings.Count(s, ")"),
			c == ']' && strings.Count(s, "[") < strings.Count(s, "]"):
			s = s[:len(s)-1]
		default:
			for _, mark := range []string{"’", "…"} {
				if rest, ok := strings.CutSuffix(s, mark); ok {
					return trimLink(rest)
				}
			}
			return s
		}
	}
	return s
}

func withScheme(raw string) (link, bool) {
	scheme, rest, _ := strings.Cut(raw, ":")
	scheme = strings.ToLower(strings.TrimSuffix(scheme, "["))
	l := link{raw: raw, scheme: scheme, counts: scheme == "http" || scheme == "https"}
	rest = strings.TrimLeft(rest, `/\]`)
	if scheme == "mailto" {
		_, host, ok := strings.Cut(rest, "@")
		host, _, _ = strings.Cut(host, "?")
		l.host = strings.ToLower(host)
		return l, ok
	}
	// "data: wij bewaren" and "sms: 3030" are ordinary text.
	if scheme != "http" && scheme != "https" && !strings.Contains(raw[len(scheme):], "/") && scheme != "javascript" {
		return l, false
	}
	l.host = hostOf(rest)
	return l, l.host != ""
}

func hostOf(rest string) string {
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		rest = rest[:i]
	}
	return strings.ToLower(rest)
}

// bare reads s[start:end] as a domain without a scheme.
func bare(s string, start, end int) (link, bool) {
	raw := s[start:end]
	if start > 0 && s[start-1] == '@' {
		// The second half of a mail address, or of a fediverse handle.
		at := start - 1
		for at > 0 && isLocal(s[at-1]) {
			at--
		}
		if at > 0 && at < start-1 && s[at-1] == '@' {
			return link{start: at - 1, end: end, raw: s[at-1 : end], fediverse: true}.withHandle(s, at), true
		}
		// "voorbeeld.nl@elders.nl/pad" is no mail address but a link with user info.
		host := hostOf(raw)
		return link{start: at, end: end, raw: s[at:end], host: host, counts: true}, len(host) < len(raw) && raw[len(host)] == '/'
	}
	if end < len(s) && s[end] == '@' || start > 0 && (s[start-1] == '.' || s[start-1] == '/') {
		return link{}, false
	}
	host := hostOf(raw)
	name, _, _ := strings.Cut(host, ":")
	if numericURL().MatchString(raw) {
		_, err := netip.ParseAddr(name)
		return link{start: start, end: end, raw: raw, host: host, counts: true}, err == nil && strings.ContainsAny(raw, "/:")
	}
	if !isDomain(raw[:len(name)]) {
		return link{}, false
	}
	return link{start: start, end: end, raw: raw, host: host, counts: true}, true
}

// withHandle narrows a fediverse handle to its host, which counts for nothing.
func (l link) withHandle(s string, name int) link {
	at := name + strings.IndexByte(s[name:l.end], '@')
	l.start = at
	return l
}

func isLocal(c byte) bool {
	return c == '_' || c == '.' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// isDomain tells a domain from a missing space ("klaar.De", "terug.Groet"), a
// file name and an abbreviation.
func isDomain(name string) bool {
	name = strings.NewReplacer("。", ".", "．", ".", "｡", ".").Replace(name)
	labels := strings.Split(name, ".")
	last := labels[len(labels)-1]
	if !topLevels()[strings.ToLower(last)] && !strings.HasPrefix(strings.ToLower(last), "xn--") {
		return false
	}
	first := labels[0]
	if len(first) < 2 && len(labels) < 3 && !strings.ContainsAny(first, "tx") {
		return false
	}
	for _, l := range labels {
		if l == "" {
			return false
		}
	}
	// A capital after the dot begins a sentence, unless all of it is in capitals.
	return last == strings.ToLower(last) || name == strings.ToUpper(name)
}

var topLevels = sync.OnceValue(func() map[string]bool {
	return wordSet(`com nl be de fr uk eu net org info io co us me tv nu app dev shop store online site website xyz top club live link click
	biz pro help support email cloud tech ai ly gl gg to cc ws ru cn tk ml ga cf gq pw su at ch it es pt pl dk se no fi ie lu cz sk hu ro bg gr
	tr in jp kr br mx ca au nz za frl amsterdam gent brussels vlaanderen london bank money finance gift gifts promo win bid loan work life world
	today news media blog page space fun one vip zone center services solutions deals sale care chat social travel tours taxi delivery
	gd is la li so sh st vc vu im fm am mobi name id tel onl cx`)
})

// allowed reports whether the brand allows the link.
func (r *reading) allowed(l link) bool {
	if l.scheme == "mailto" {
		return r.hostAllowed(l.host)
	}
	if l.scheme != "" && l.scheme != "http" && l.scheme != "https" || strings.ContainsAny(l.raw, "\\") {
		return false
	}
	full := l.raw
	if l.scheme == "" {
		full = "https://" + full
	}
	u, err := url.Parse(full)
	if err != nil || u.User != nil || u.Port() != "" && u.Port() != "443" && u.Port() != "80" {
		return false
	}
	return r.hostAllowed(strings.ToLower(u.Hostname())) || r.prefixAllowed(u)
}

func (r *reading) hostAllowed(host string) bool {
	host = strings.TrimSuffix(host, ".")
	for _, h := range r.Voice.Hosts {
		h = strings.ToLower(h)
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

// prefixAllowed compares whole path segments: a prefix /voorbeeld does not
// let /voorbeeld-nep pass.
func (r *reading) prefixAllowed(u *url.URL) bool {
	for _, p := range r.Voice.Prefixes {
		if !strings.Contains(p, "://") {
			p = "https://" + p
		}
		want, err := url.Parse(p)
		if err != nil || !strings.EqualFold(want.Hostname(), u.Hostname()) {
			continue
		}
		path, prefix := u.EscapedPath(), strings.TrimSuffix(want.EscapedPath(), "/")
		if strings.Contains(path, "..") || strings.Contains(strings.ToLower(path), "%2e%2e") {
			continue
		}
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return true
		}
	}
	return false
}
