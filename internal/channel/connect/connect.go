// Package connect makes the sources, hooks and publishers that brand files
// name: by the kind of each channel, its settings and where its secrets are.
// What lacks a secret or a setting is left out and said in words; a person
// then reads and posts there by hand.
//
// Each channel's package says what to click at its platform, which scopes it
// takes and which settings and secrets it has. A secret is named, never written:
// "env:NAME" is a variable on one machine; on AWS "ssm:/webcare/channels/NAME"
// is a SecureString parameter below the template's ChannelSecrets.
//
// Start at Open. kinds.go is the one list of kinds.
package connect

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// Env is what the channels are made with.
type Env struct {
	Records webcare.Records
	// Secret reads a secret by its reference ("env:NAME"). ErrNotFound: it is
	// not set.
	Secret func(ref string) (string, error)
	// Egress is the rule for every call.
	Egress webhook.Egress
	// Mail says how a brand's mail is read, its mailboxes' own addresses apart;
	// nil for the usual.
	Mail func(*brand.Brand) mail.Options
	Now  func() time.Time
}

// Set is the channels of all brands.
type Set struct {
	Lines []channel.Line
	// Hooks by the last part of their path: /hooks/meta.
	Hooks map[string]channel.Hook

	names      map[key][]string
	publishers map[key]webcare.Publisher
	told       []key            // channels that call us
	left       []channel.Health // not connected
}

type key struct{ brand, channel string }

// Open connects the channels of the brands. An error of kind ErrInvalid names
// the setting that is wrong; nothing is called yet.
func Open(brands *brand.Set, env Env) (*Set, error) {
	s := &Set{Hooks: map[string]channel.Hook{}, publishers: map[key]webcare.Publisher{}, names: map[key][]string{}}
	o := &opening{env: env, set: s, api: env.Egress.Client(30 * time.Second),
		pages: &http.Client{Transport: env.Egress.Transport(), Timeout: 20 * time.Second, CheckRedirect: fewRedirects}}
	for _, id := range brands.IDs() {
		b, err := brands.Get(id)
		if err != nil {
			return nil, err
		}
		for _, c := range b.Channels {
			if err := o.open(b, c); err != nil {
				return nil, err
			}
		}
	}
	o.hooks()
	return s, nil
}

func fewRedirects(_ *http.Request, via []*http.Request) error {
	if len(via) > 4 {
		return http.ErrUseLastResponse
	}
	return nil
}

// Publisher returns who posts on a channel; false where a person does.
func (s *Set) Publisher(brandID, channelName string) (webcare.Publisher, bool) {
	p, ok := s.publishers[key{brandID, channelName}]
	return p, ok
}

// Names are a brand's names and handles, in lower case.
func (s *Set) Names(brandID, channelName string) []string {
	return s.names[key{brandID, channelName}]
}

// Health is what is known of every channel, in the order of brand and name.
func (s *Set) Health(ctx context.Context, records webcare.Records, now time.Time) (out []channel.Health, err error) {
	defer webcare.Wrap(&err, "Health")
	for _, k := range s.connected() {
		h, err := channel.HealthOf(ctx, records, k.brand, k.channel, now)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	out = append(out, s.left...)
	slices.SortFunc(out, func(a, b channel.Health) int {
		return strings.Compare(a.Brand+"\x00"+a.Channel, b.Brand+"\x00"+b.Channel)
	})
	return out, nil
}

// Tell records which channels are connected, for processes that do not have
// their secrets.
func (s *Set) Tell(ctx context.Context, records webcare.Records, now time.Time) (err error) {
	defer webcare.Wrap(&err, "Tell")
	for _, h := range s.left {
		if h.State != channel.StateNotConnected {
			continue
		}
		if err := channel.NotConnected(ctx, records, h, now); err != nil {
			return err
		}
	}
	for _, k := range s.connected() {
		_, posts := s.publishers[k]
		if err := channel.Connected(ctx, records, k.brand, k.channel, posts, now); err != nil {
			return err
		}
	}
	return nil
}

// connected are the channels that are asked, or that call us.
func (s *Set) connected() []key {
	keys := slices.Clone(s.told)
	for _, l := range s.Lines {
		keys = append(keys, key{l.Brand, l.Channel})
	}
	return keys
}

// anyOf is a hook of several apps: a delivery is of the one that signed it.
type anyOf []channel.Hook

func (a anyOf) Greet(r *http.Request) (answer string, err error) {
	for _, h := range a {
		if answer, err = h.Greet(r); !errors.Is(err, webcare.ErrForbidden) {
			break
		}
	}
	return answer, err
}

func (a anyOf) Decode(header http.Header, body []byte) (items []channel.Item, err error) {
	for _, h := range a {
		if items, err = h.Decode(header, body); !errors.Is(err, webcare.ErrForbidden) {
			break
		}
	}
	return items, err
}
