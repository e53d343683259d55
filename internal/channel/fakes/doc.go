// Package fakes plays the platforms' remote interfaces, for tests and for
// trying out (onebox fakes): written from the platforms' documentation, strict
// about what the real ones are strict about, and able to fail as they do. Each
// platform's file names the pages it follows. Nothing that serves customers
// imports this package; a test holds that.
//
// A fake is an http.Handler that answers the responder, and a Platform by
// which a test writes posts as people would. Faults makes it cut connections,
// limit, expire and break.
package fakes

import (
	"net/http"
	"time"
)

// Post is what somebody writes on a platform.
type Post struct {
	Author  string // shown name
	Handle  string // without @
	Text    string
	ReplyTo string // id of the post answered, "" for none
	At      time.Time
	Mention bool // addresses the brand
	Ours    bool // written by a colleague, in the platform's own app
	Lang    string
	Private bool // not for all to read
	Stars   int  // of a review
}

// Platform is what tests do to a fake.
type Platform interface {
	http.Handler
	Faults() *Faults
	// Write posts and returns the id that the responder will know it by.
	Write(p Post) string
	Edit(id, text string, at time.Time)
	Delete(id string, at time.Time)
	// Answers are the texts that the responder posted to the post, in order.
	Answers(id string) []string
}

// Delivery is a call that a platform makes to us.
type Delivery struct {
	Header http.Header
	Body   []byte
}

// Deliverer is a platform that calls.
type Deliverer interface {
	Platform
	// Deliveries returns those made since it was asked last.
	Deliveries() []Delivery
}
