package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// failingSince begins the reason of a pause that no person asked for.
const failingSince = "nothing but failures since"

// Stopped reports whether the subscription is delivered to no more because its
// receiver failed, and not because a person paused it.
func (s Subscription) Stopped() bool {
	return s.State == Disabled || s.State == Paused && strings.HasPrefix(s.Why, failingSince)
}

// ownerKind marks the tasks that mail an owner.
const ownerKind = "owner"

// maxOwner bounds a mail address.
const maxOwner = 320

// checkOwner reports what is no plain mail address; none is fine.
func checkOwner(address string) error {
	if address == "" {
		return nil
	}
	a, err := mail.ParseAddress(address)
	if err != nil || a.Address != address || len(address) > maxOwner || strings.ContainsAny(address, "\r\n") {
		return webcare.Invalidf("owner: not a mail address")
	}
	return nil
}

// warnOwner puts a mail to the owner into the outbox before the subscription
// changes its state, so that no crash loses it. Its task is the same for all
// deliveries that find out together.
func (c *Courier) warnOwner(ctx context.Context, s Subscription, since time.Time) error {
	if c.Mail == nil || s.Owner == "" {
		return nil
	}
	if now, err := c.Subscriptions.Get(ctx, s.ID); err != nil || now.State != Active {
		return ignoreMissing(err) // another delivery was first
	}
	return c.Store.Tasks.Put(ctx, webcare.Task{ID: fmt.Sprintf("notify/%s/%s/%d", ownerKind, s.ID, since.UnixMilli()), Stage: webcare.StageNotify, CaseID: noCase,
		RunAt: c.Subscriptions.Now().UTC().Truncate(time.Millisecond), Data: map[string]string{"watch": ownerKind, "webhook": s.ID}})
}

// ownerLooks is how often a warning waits for the state to change before it
// finds that there is nothing to warn of.
const ownerLooks = 5

// tellOwner mails the owner of a subscription that is delivered to no more.
func (c *Courier) tellOwner(ctx context.Context, t webcare.Task) error {
	s, err := c.Subscriptions.Get(ctx, t.Data["webhook"])
	if errors.Is(err, webcare.ErrNotFound) || err == nil && (s.Owner == "" || c.Mail == nil) {
		return nil
	}
	if err != nil {
		return err
	}
	if s.State == Active {
		if t.Attempt > ownerLooks {
			return nil // resumed meanwhile
		}
		return &webcare.LaterError{At: c.Subscriptions.Now().Add(time.Second), Why: "it is still delivered to"}
	}
	brand := ""
	if len(s.Brands) > 0 {
		brand = s.Brands[0]
	}
	out, ok := c.Mail(brand)
	if !ok {
		return nil
	}
	_, err = out.Publish(ctx, s.warning(t.ID, brand, c.Link))
	return err
}

// warning is the mail. It names the subscription, never its address: that may
// hold a secret.
func (s Subscription) warning(key, brand, link string) webcare.Outgoing {
	words := map[string][3]string{
		"nl": {"Webhook %s staat stil", "Dag,\n\nNaar de webhook \"%s\" wordt niets meer bezorgd, sinds %s.\nWaarom: %s\n\n", "Wat erheen moest, wordt 30 dagen bewaard. Is de ontvanger weer in orde, hervat dan de webhook; alles komt dan alsnog:\n%s\n"},
		"en": {"Webhook %s has stopped", "Hello,\n\nNothing is delivered to the webhook \"%s\" any more, since %s.\nWhy: %s\n\n", "What was to go there is kept for 30 days. Once the receiver works again, resume the webhook and all of it is sent:\n%s\n"},
	}[s.Language]
	name := strings.Join(strings.Fields(s.Name), " ")
	text := fmt.Sprintf(words[1], name, s.Since.UTC().Format("2006-01-02 15:04 UTC"), s.Why)
	if s.State != Disabled { // what is gone is not kept for
		text += fmt.Sprintf(words[2], strings.TrimSuffix(link, "/")+"/settings/webhooks/"+s.ID)
	}
	return webcare.Outgoing{Key: "webhook-" + webcare.Digest([]byte(key))[:24], Brand: brand, Channel: "email",
		Draft: webcare.Draft{Subject: fmt.Sprintf(words[0], name), Text: text, Language: s.Language, Visibility: webcare.Private,
			ReplyTo: webcare.ReplyTarget{Recipients: []string{s.Owner}}}}
}
