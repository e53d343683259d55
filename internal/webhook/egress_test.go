package webhook_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

func TestEgress(t *testing.T) {
	for addr, good := range map[string]bool{
		"8.8.8.8": true, "93.184.216.34": true, "2606:4700:4700::1111": true, "172.15.255.255": true, "100.63.255.255": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.8.8.8": false, "0.0.0.0": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false, "198.18.0.1": false,
		"192.0.2.1": false, "203.0.113.9": false, "::1": false, "::": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false,
		"ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "64:ff9b::a9fe:a9fe": false, "2002:7f00:1::": false,
		"2001::1": false, "2001:db8::1": false, "::127.0.0.1": false,
	} {
		err := webhook.Egress{}.Check(netip.MustParseAddr(addr))
		if (err == nil) != good || (err != nil && !errors.Is(err, webcare.ErrForbidden)) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	if err := (webhook.Egress{AllowLoopback: true}).Check(netip.MustParseAddr("10.0.0.1")); err == nil {
		t.Error("allowing loopback allows private addresses too")
	}
}

func TestCheckURL(t *testing.T) {
	for text, want := range map[string]string{
		"https://example.com/hooks?x=1": "", "https://8.8.8.8/": "", "https://example.com:8443/": "",
		"http://example.com/": "https", "ftp://example.com/": "https", "https://user:pw@example.com/": "password", "https://localhost/": "public", "https://a.localhost./": "public",
		"https://127.0.0.1/": "public", "https://[::1]/": "public", "https://169.254.169.254/latest": "public", "https://[::ffff:10.0.0.1]/": "public",
		"": "web address", "https://": "web address", "//example.com": "https", "https:opaque": "web address", "https://example.com/#x": "#",
		"https://example.com/" + strings.Repeat("a", 1000): "at most",
	} {
		err := webhook.Egress{}.CheckURL(text)
		if want == "" && err != nil || want != "" && (!errors.Is(err, webcare.ErrInvalid) || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if err := (webhook.Egress{AllowLoopback: true}).CheckURL("http://127.0.0.1:9/"); err != nil {
		t.Error(err)
	}
}

// TestConnectionsAreChecked: the socket is refused, whatever the name said.
func TestConnectionsAreChecked(t *testing.T) {
	reached := false
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer srv.Close()
	for _, url := range []string{srv.URL, strings.Replace(srv.URL, "127.0.0.1", "localhost", 1), "http://169.254.169.254/latest/meta-data/"} {
		res, err := webhook.Egress{}.Client(2 * time.Second).Get(url)
		if err == nil {
			res.Body.Close()
		}
		if !errors.Is(err, webcare.ErrForbidden) || reached {
			t.Errorf("%s: %v", url, err)
		}
	}
	res, err := webhook.Egress{AllowLoopback: true}.Client(2 * time.Second).Get(srv.URL)
	if err != nil || !reached {
		t.Fatalf("loopback allowed: %v", err)
	}
	res.Body.Close()
}
