// Package porttest holds every adapter of the ports in package webcare to one
// set of contracts. An adapter's own test calls Run with a function that opens
// an empty store, and nothing else:
//
//	func TestPorts(t *testing.T) {
//		porttest.Run(t, func(t *testing.T) porttest.Opened { ... })
//	}
//
// The suites use only what ports.go promises. What they find in one adapter
// they must be able to find in the other.
package porttest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

// Opened is a store under test.
type Opened struct {
	webcare.Ports
	// Crash drops the store as a kill would and opens what is left.
	Crash func(t *testing.T) webcare.Ports
	// Racers is how many goroutines a race uses, 40 if zero.
	Racers int
	// Big is how many messages the big case gets, 1,000 if zero.
	Big int
}

// Open opens an empty store that closes itself at the end of the test.
type Open func(t *testing.T) Opened

// Run runs all suites.
func Run(t *testing.T, open Open) {
	t.Run("Cases", func(t *testing.T) { runCases(t, open) })
	t.Run("Rewrite", func(t *testing.T) { runRewrite(t, open) })
	t.Run("Races", func(t *testing.T) { runRaces(t, open) })
	t.Run("Lists", func(t *testing.T) { runLists(t, open) })
	t.Run("Sizes", func(t *testing.T) { runSizes(t, open) })
	t.Run("Tasks", func(t *testing.T) { runTasks(t, open) })
	t.Run("Records", func(t *testing.T) { runRecords(t, open) })
	t.Run("Blobs", func(t *testing.T) { runBlobs(t, open) })
	t.Run("Search", func(t *testing.T) { runSearch(t, open) })
	t.Run("Tallies", func(t *testing.T) { runTallies(t, open) })
	t.Run("Events", func(t *testing.T) { runEvents(t, open) })
}

// Start is the time at which all suites begin.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

var machine = webcare.Machine("porttest")

func message(n int, text string) webcare.Message {
	ext := fmt.Sprintf("ext-%d", n)
	return webcare.Message{ID: webcare.MessageID(ext), Key: webcare.Key{Channel: "mail", ExternalID: ext}, Brand: "b", Thread: "t-" + ext,
		Author: webcare.Author{Name: "Sanne", Address: "sanne@example.com"}, Subject: "Over order 12", Text: text,
		Visibility: webcare.Private, PostedAt: Start, ReceivedAt: Start}
}

// receive returns the step that opens case n.
func receive(t *testing.T, n int, text string) *webcare.Change {
	t.Helper()
	return receiveAs(t, caseID(n), n, text)
}

func receiveAs(t *testing.T, id webcare.CaseID, n int, text string) *webcare.Change {
	t.Helper()
	ch := webcare.Begin(webcare.NewCase(id, "b", "mail"), Start.Add(time.Duration(n)*time.Second), machine)
	if err := ch.Receive(message(n, text)); err != nil {
		t.Fatal(err)
	}
	return ch
}

func caseID(n int) webcare.CaseID { return webcare.CaseID(fmt.Sprintf("case%06d", n)) }

func commit(t *testing.T, s webcare.Store, ch *webcare.Change) webcare.Head {
	t.Helper()
	h, err := s.Commit(t.Context(), ch)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func load(t *testing.T, s webcare.Store, id webcare.CaseID) *webcare.Case {
	t.Helper()
	c, err := s.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func store(o Opened) webcare.Store { return webcare.Store{Ports: o.Ports} }

// scripts is text in many scripts, with marks, joiners and both directions.
const scripts = "Ik wacht al één week — früher, où, Ελληνικά, Русский, العربية, עברית, हिन्दी, 日本語, 한국어, ไทย, 👩‍👩‍👧‍👦 e\u0301 \u0000 end"

func long(n int) string { return strings.Repeat("Nog steeds geen antwoord. ", n/26+1)[:n] }
