package mail

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"webcare.example/responder/internal/channel/plain"
	"webcare.example/responder/internal/webcare"
)

// Outbox is the publisher for a machine without a mail server: each reply
// becomes a file that any mail program opens. One key has one file, so a
// repeat changes nothing.
type Outbox struct {
	dir string
	cfg Config
}

// NewOutbox returns a publisher that writes into dir, which it makes when
// needed. ErrInvalid: the sender is no address.
func NewOutbox(dir string, cfg Config) (*Outbox, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	return &Outbox{dir, cfg}, nil
}

// Class: a repeat finds the file, however late.
func (o *Outbox) Class() webcare.PublishClass {
	return webcare.PublishClass{Idempotent: true, Window: 100 * 365 * 24 * time.Hour, Findable: true, Timeout: 30 * time.Second}
}

// Publish writes the reply to KEY.eml, durably, and whole or not at all.
func (o *Outbox) Publish(ctx context.Context, out webcare.Outgoing) (_ webcare.Receipt, err error) {
	defer webcare.Wrap(&err, "Publish(%s)", out.Key)
	if r, found, err := o.Find(ctx, out); err == nil && found {
		return r, nil
	}
	m, err := compose(out, o.cfg)
	if err != nil {
		return webcare.Receipt{}, err
	}
	if err := writeFile(o.dir, o.name(out.Key), m.Raw); err != nil {
		return webcare.Receipt{}, webcare.Unavailablef("outbox: %v", err)
	}
	return receipt(m.ID, out, o.cfg), nil
}

// Find looks for the file of an earlier try.
func (o *Outbox) Find(_ context.Context, out webcare.Outgoing) (webcare.Receipt, bool, error) {
	_, err := os.Stat(filepath.Join(o.dir, o.name(out.Key)))
	if errors.Is(err, fs.ErrNotExist) {
		return webcare.Receipt{}, false, nil
	}
	if err != nil {
		return webcare.Receipt{}, false, webcare.Unavailablef("outbox: %v", err)
	}
	return receipt(MessageID(out.Key, domain(o.cfg.From)), out, o.cfg), true, nil
}

// name is the key where it can be a file name, else its digest.
func (o *Outbox) name(key string) string {
	safe := len(key) > 0 && len(key) <= 100 && key[0] != '.'
	for _, r := range key {
		safe = safe && (r == '-' || r == '_' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z')
	}
	if !safe {
		key = strings.Trim(plain.Clip(strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
				return r
			}
			return '-'
		}, key), 60), "-") + "-" + webcare.Digest([]byte(key))[:16]
	}
	return key + ".eml"
}

// writeFile makes the file appear whole: written aside, synced, renamed, and
// the folder synced so that the name survives too.
func writeFile(dir, name string, data []byte) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// check reports a configuration that no mail can be sent with.
func (c Config) check() error {
	if _, err := oneAddress(c.From); err != nil {
		return webcare.Invalidf("mail sender: %v", err)
	}
	if c.Now == nil {
		return webcare.Invalidf("mail sender: no clock")
	}
	return nil
}

// compose writes the mail as of now. What cannot be composed is refused: it
// never left.
func compose(out webcare.Outgoing, cfg Config) (*Mail, error) {
	m, err := Compose(out, cfg, cfg.Now())
	if errors.Is(err, webcare.ErrInvalid) {
		return nil, webcare.Refusedf("%v", err)
	}
	if err != nil {
		return nil, webcare.Unavailablef("%v", err) // an attachment that cannot be read now
	}
	return m, nil
}

// receipt names the mail, and the case where answers come back by token.
func receipt(id string, out webcare.Outgoing, cfg Config) webcare.Receipt {
	r := webcare.Receipt{ExternalID: id, ThreadIDs: []string{id}}
	if len(cfg.Secret) > 0 {
		r.ThreadIDs = append(r.ThreadIDs, tokenName(out.CaseID))
	}
	return r
}
