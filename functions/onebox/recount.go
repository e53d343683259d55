package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"webcare.example/responder/internal/insight"
	"webcare.example/responder/internal/sqlite"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// opened runs f on the data folder, which nothing else may hold meanwhile.
func (a *app) opened(ctx context.Context, f func(s webcare.Store) error) (err error) {
	db, err := sqlite.Open(ctx, a.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return f(webcare.Store{Ports: db.Ports()})
}

// recountCommand counts all events again and compares. "repair" puts right
// what is off.
func recountCommand(ctx context.Context, a *app) error {
	repair := len(a.args) == 1 && a.args[0] == "repair"
	if len(a.args) > 0 && !repair {
		return webcare.Invalidf("usage: onebox recount [repair]")
	}
	return a.opened(ctx, func(s webcare.Store) error {
		if err := tallyRest(ctx, s); err != nil {
			return err
		}
		r, err := insight.Recount(ctx, s.Ports, func(int) {})
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%d events, %d counters, %d wrong\n", r.Events, r.Counters, len(r.Wrong))
		for _, w := range r.Wrong[:min(len(r.Wrong), 20)] {
			fmt.Fprintf(a.out, "  %s %s %s: %d stored, %d told by events\n", w.Brand, w.Hour.Format("2006-01-02T15"), w.Metric, w.Stored, w.Told)
		}
		switch {
		case len(r.Wrong) == 0:
			return nil
		case !repair:
			return errors.New("the tallies are not what the events say: run \"onebox recount repair\"")
		}
		return insight.Repair(ctx, s.Tallies, time.Now().UTC().Format(time.RFC3339Nano), r.Wrong)
	})
}

// tallyRest counts what the relay had not come to when the program stopped;
// an event counted before changes nothing.
func tallyRest(ctx context.Context, s webcare.Store) error {
	for cursor := ""; ; {
		events, next, err := s.Events.After(ctx, cursor, 500)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			if err := s.Tallies.Add(ctx, e.ID, insight.Deltas(e)); err != nil {
				return err
			}
		}
		cursor = next
	}
}

const privacyUsage = "usage: onebox privacy export|erase CHANNEL/CUSTOMER, privacy erasures, or privacy reapply FILE|-"

// privacyCommand exports or erases a customer of the brand, lists the notes of
// erasures to keep beside backups, and erases again what a restore brought back.
func privacyCommand(ctx context.Context, a *app) error {
	brands, err := a.brands()
	if err != nil {
		return err
	}
	b, err := brands.Get("")
	if err != nil {
		return err
	}
	if len(a.args) == 0 || (len(a.args) != 2 && a.args[0] != "erasures") {
		return webcare.Invalidf("%s", privacyUsage)
	}
	return a.opened(ctx, func(s webcare.Store) error {
		forget := forgetting(s)
		switch a.args[0] {
		case "export":
			return a.exportCustomer(ctx, s, b.ID, webcare.CustomerID(a.args[1]))
		case "erase":
			n, err := s.EraseCustomer(ctx, b.ID, webcare.CustomerID(a.args[1]), time.Now(), forget)
			if err == nil {
				fmt.Fprintf(a.out, "%d cases erased\n", n)
			}
			return err
		case "erasures":
			notes, err := s.Erasures(ctx, time.Now())
			for _, e := range notes {
				err = errors.Join(err, json.NewEncoder(a.out).Encode(e))
			}
			return err
		case "reapply":
			notes, err := a.erasures(a.args[1])
			if err != nil {
				return err
			}
			n, err := s.EraseAgain(ctx, brands.IDs(), notes, time.Now(), forget)
			if err == nil {
				fmt.Fprintf(a.out, "%d cases erased again\n", n)
			}
			return err
		}
		return webcare.Invalidf("%s", privacyUsage)
	})
}

// forgetting deletes what webhooks keep of a case.
func forgetting(s webcare.Store) func(context.Context, webcare.CaseID) error {
	c := &webhook.Courier{Store: s, Subscriptions: &webhook.Subscriptions{Records: s.Records, Now: time.Now}}
	return c.ForgetCase
}

func (a *app) exportCustomer(ctx context.Context, s webcare.Store, brandID string, id webcare.CustomerID) error {
	heads, err := s.CasesOf(ctx, brandID, id)
	if err != nil {
		return err
	}
	if len(heads) == 0 {
		return webcare.NotFoundf("customer %q of %s", id, brandID)
	}
	enc := json.NewEncoder(a.out)
	for _, h := range heads {
		c, err := s.Load(ctx, h.ID)
		if err != nil {
			return err
		}
		if err := enc.Encode(c); err != nil {
			return err
		}
	}
	return nil
}

// erasures reads notes, one JSON object a line.
func (a *app) erasures(name string) (out []webcare.Erasure, err error) {
	in := a.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, webcare.Invalidf("%w", err)
		}
		defer f.Close()
		in = f
	}
	lines := bufio.NewScanner(io.LimitReader(in, 1<<30))
	for n := 1; lines.Scan(); n++ {
		var e webcare.Erasure
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.Key == "" {
			return nil, webcare.Invalidf("%s:%d: no note of an erasure", name, n)
		}
		out = append(out, e)
	}
	return out, lines.Err()
}
