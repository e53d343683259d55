package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/webcare"
)

// sampleLines are invented complaints, praise and questions, one a line.
//
//go:embed demo/samples.jsonl
var sampleLines string

// sample is one line of the demo.
type sample struct {
	Channel string `json:"channel"`
	Name    string `json:"name"`
	Handle  string `json:"handle"`
	Address string `json:"address"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Stars   int    `json:"stars"`
	Ago     string `json:"ago"` // how long ago it was posted
}

// samples sends the sample messages through the pipeline, as a source would.
func (p *program) samples(ctx context.Context) error {
	b, err := p.brands.Get("")
	if err != nil {
		return err
	}
	all, err := readSamples()
	if err != nil {
		return err
	}
	for i, s := range all {
		if p.cfg.played.has(s.Channel) {
			continue // it comes in from the platform itself
		}
		m, err := s.message(b.ID, i, time.Now())
		if err != nil {
			return fmt.Errorf("sample %d: %w", i+1, err)
		}
		if _, err := p.pipe.Receiver.Receive(ctx, receive.Item{Message: m}); err != nil {
			return err
		}
	}
	return nil
}

func readSamples() (out []sample, err error) {
	for i, line := range strings.Split(strings.TrimSpace(sampleLines), "\n") {
		var s sample
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			return nil, fmt.Errorf("sample %d: %w", i+1, err)
		}
		out = append(out, s)
	}
	return out, nil
}

func (s sample) message(brandID string, i int, now time.Time) (webcare.Message, error) {
	ago, err := time.ParseDuration(s.Ago)
	if err != nil {
		return webcare.Message{}, err
	}
	id := fmt.Sprintf("sample-%d@example.com", i+1)
	m := webcare.Message{Brand: brandID, Key: webcare.Key{Channel: s.Channel, ExternalID: id}, Thread: id, Subject: s.Subject, Text: s.Text,
		Author: webcare.Author{Name: s.Name, Handle: s.Handle, Address: s.Address}, Stars: s.Stars, PostedAt: now.Add(-ago), Visibility: webcare.Private}
	if guard.PublicChannel(s.Channel) {
		m.Visibility = webcare.Public
		m.URL = "https://example.com/" + s.Channel + "/" + fmt.Sprint(i+1)
		m.ReplyTo = webcare.ReplyTarget{ExternalID: id, URL: m.URL}
	}
	if s.Channel == mail.Channel {
		m.ReplyTo = webcare.ReplyTarget{ExternalID: id, References: []string{id}, Recipients: []string{s.Address}}
	}
	return m, nil
}
