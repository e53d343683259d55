package porttest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"webcare.example/responder/internal/webcare"
)

func runRewrite(t *testing.T, open Open) {
	t.Run("replaces bodies and gives claims up", func(t *testing.T) {
		o := open(t)
		s := store(o)
		h := commit(t, s, receive(t, 1, "geheim "+strings.Repeat("x", webcare.MaxInlineBytes)))
		children, _, err := s.Cases.Children(t.Context(), h.ID, 0, 10)
		if err != nil || len(children) != 2 || children[0].Blob == "" {
			t.Fatal(children, err)
		}
		var e webcare.Event
		if err := json.Unmarshal(children[1].Body, &e); err != nil {
			t.Fatal(err)
		}
		e.Data = map[string]string{"erased": "true"}
		body, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		claim := webcare.MessageClaim("b", webcare.Key{Channel: "mail", ExternalID: "ext-1"}, 0)
		r := webcare.Rewrite{Head: h, Unclaim: []webcare.Claim{claim, {Space: "mail", Name: "nobody's"}},
			Children: []webcare.Child{{Seq: children[0].Seq, Body: []byte("{}")}, {Seq: children[1].Seq, Body: body}}}
		r.Head.Excerpt, r.Head.Status = "", webcare.StatusClosed
		if err := s.Cases.Rewrite(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		c := load(t, s, h.ID)
		if c.Head.Version != h.Version+1 || c.Head.Excerpt != "" || c.Messages[0].Value.Text != "" || c.Events[0].Data["erased"] != "true" {
			t.Fatalf("%+v", c)
		}
		if _, err := s.Cases.Claimed(t.Context(), claim); !errors.Is(err, webcare.ErrNotFound) {
			t.Fatalf("the claim: %v", err)
		}
		page, err := s.Cases.List(t.Context(), webcare.Query{Brands: []string{"b"}, Statuses: []webcare.Status{webcare.StatusClosed}, Limit: 10})
		if err != nil || len(page.Heads) != 1 {
			t.Fatalf("the list: %+v %v", page, err)
		}
		if err := s.Cases.Rewrite(t.Context(), r); !errors.Is(err, webcare.ErrConflict) {
			t.Fatalf("again on the old version: %v", err)
		}
		r.Head, r.Children = c.Head, []webcare.Child{{Seq: 99, Body: []byte("{}")}}
		if err := s.Cases.Rewrite(t.Context(), r); !errors.Is(err, webcare.ErrConflict) {
			t.Fatalf("a child that is not there: %v", err)
		}
		if v := load(t, s, h.ID).Head.Version; v != c.Head.Version {
			t.Fatalf("version %d after refusals, want %d", v, c.Head.Version)
		}
	})
	t.Run("events keep their place", func(t *testing.T) {
		s := store(open(t))
		h := commit(t, s, receive(t, 1, "a"))
		commit(t, s, receive(t, 2, "b"))
		before, _, err := s.Events.After(t.Context(), "", 10)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Cases.Rewrite(t.Context(), webcare.Rewrite{Head: h}); err != nil {
			t.Fatal(err)
		}
		after, _, err := s.Events.After(t.Context(), "", 10)
		if err != nil || len(after) != len(before) {
			t.Fatalf("%d events, %d before (%v)", len(after), len(before), err)
		}
	})
}
