package webhook

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Egress is the rule for calls to addresses that strangers name: webhooks,
// feeds, attachments. What a name resolves to is looked at when the connection
// is made, each time, so that no answer of a name server and no redirect leads
// inside.
type Egress struct {
	// AllowLoopback lets calls reach this machine, for development and tests.
	AllowLoopback bool
}

// refused are the ranges that are not the public internet, after the IANA
// special-purpose registries for IPv4 and IPv6.
var refused = func() (out []netip.Prefix) {
	for _, p := range strings.Fields(`
		0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
		192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24
		203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
		2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20`) {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}()

// global holds all public IPv6 addresses, and nothing that embeds an IPv4 one
// (::ffff:0:0/96, 64:ff9b::/96, ::/96), nor unique local, link-local or multicast.
var global = netip.MustParsePrefix("2000::/3")

// Check reports an address that may not be called. Of kind ErrForbidden.
func (e Egress) Check(a netip.Addr) error {
	a = a.Unmap()
	if e.AllowLoopback && a.IsLoopback() {
		return nil
	}
	if a.Zone() != "" || !a.IsValid() || (a.Is6() && !global.Contains(a)) {
		return webcare.Forbiddenf("the address %s is not on the public internet", a)
	}
	for _, p := range refused {
		if p.Contains(a) {
			return webcare.Forbiddenf("the address %s is not on the public internet", a)
		}
	}
	return nil
}

// control runs on every socket just before it connects.
func (e Egress) control(network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return webcare.Forbiddenf("%s is not called", network)
	}
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return webcare.Forbiddenf("%s is no address", address)
	}
	return e.Check(a.Addr())
}

// Transport returns a transport that obeys the rule. It uses no proxy: a proxy
// would be the one that connects.
func (e Egress) Transport() *http.Transport {
	d := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: e.control}
	return &http.Transport{DialContext: d.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: time.Minute,
		MaxIdleConns: 500, MaxIdleConnsPerHost: 4 * laneWidth, MaxResponseHeaderBytes: 16 << 10, DisableCompression: true}
}

// Client returns a client that obeys the rule and follows no redirect.
func (e Egress) Client(timeout time.Duration) *http.Client {
	return &http.Client{Transport: e.Transport(), Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

const maxURL = 1000

// CheckURL reports an address that can never be called: not https, with a
// password in it, or naming an inside address outright. Names are looked at
// when they are called. Of kind ErrInvalid.
func (e Egress) CheckURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "":
		return webcare.Invalidf("url: not a web address")
	case len(text) > maxURL:
		return webcare.Invalidf("url: %d bytes, at most %d", len(text), maxURL)
	case u.User != nil:
		return webcare.Invalidf("url: a name or password in it would stand in every log")
	case u.Fragment != "":
		return webcare.Invalidf("url: what follows # is never sent")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	addr, err := netip.ParseAddr(host)
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	inside := local && !e.AllowLoopback
	if err == nil {
		inside, local = e.Check(addr) != nil, addr.Unmap().IsLoopback()
	}
	if inside {
		return webcare.Invalidf("url: %s is not on the public internet", host)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return webcare.Invalidf("url: must begin with https://")
	}
	return nil
}

// whyFailed words a failed call without the address called: it may hold a secret.
func whyFailed(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		if u.Timeout() {
			return "no answer in time"
		}
		err = u.Err
	}
	switch {
	case errors.Is(err, webcare.ErrForbidden):
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err
		}
		return err.Error()
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET):
		return "connection reset"
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return "the host name is not known"
	}
	return clip(err.Error(), 200)
}

// clip keeps at most n bytes of valid UTF-8.
func clip(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ToValidUTF8(s, "")
}
