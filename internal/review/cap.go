package review

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// MailCap is how many replies one correspondent may get in a day before an
// approver must say that it is no loop between two machines.
const MailCap = 5

// MailCapRule names the warning to override.
const MailCapRule = "mail-cap"

const capKind = "mailcap"

// capKeys are the counters of a draft's recipients for the day.
func (d *Desk) capKeys(c *webcare.Case, draft webcare.Draft) []string {
	day := d.Now().UTC().Format(time.DateOnly)
	var keys []string
	for _, to := range draft.ReplyTo.Recipients {
		keys = append(keys, strings.ToLower(fmt.Sprintf("%s/%s/%s", c.Head.Brand, day, to)))
	}
	return keys
}

// capped reports a correspondent who got MailCap replies today, unless the
// approver overrides it.
func (d *Desk) capped(ctx context.Context, c *webcare.Case, draft webcare.Draft, overrides []string) error {
	if slices.Contains(overrides, MailCapRule) {
		return nil
	}
	for _, key := range d.capKeys(c, draft) {
		n, _, err := d.counted(ctx, key)
		if err != nil {
			return err
		}
		if n >= MailCap {
			return &FindingsError{[]webcare.Finding{{Rule: MailCapRule, Severity: webcare.Warning,
				Message: fmt.Sprintf("this correspondent got %d replies today: is another machine answering?", n)}}}
		}
	}
	return nil
}

func (d *Desk) counted(ctx context.Context, key string) (n int, version int64, err error) {
	rec, err := d.Store.Records.Get(ctx, capKind, key, d.Now())
	if errors.Is(err, webcare.ErrNotFound) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	return n, rec.Version, json.Unmarshal(rec.Body, &n)
}

// countReply notes an approved reply. The cap is a brake against loops, so a
// count lost in a race does no harm.
func (d *Desk) countReply(ctx context.Context, c *webcare.Case) {
	draft, ok := c.CurrentDraft()
	if !ok || c.Head.Approval == nil {
		return
	}
	now := d.Now()
	for _, key := range d.capKeys(c, draft) {
		n, version, err := d.counted(ctx, key)
		if err != nil {
			continue
		}
		body, err := json.Marshal(n + 1)
		if err != nil {
			continue
		}
		_ = d.Store.Records.Put(ctx, webcare.Record{Kind: capKind, Key: key, Version: version, Body: body, Expires: now.Add(48 * time.Hour)}, now)
	}
}
