package draft

import (
	"slices"
	"strings"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// option is a resolution that the model may choose, with the playbook's whole
// draft around it: its texts without signature show what is promised, when and
// by whom.
type option struct {
	id            string
	draft         webcare.Draft
	text, private string
	sorry         bool // the fault is ours
}

// How many resolutions are offered: so many a friction, so many in all.
const (
	optionsPerFriction = 2
	mostOptions        = 5
)

// noResolution stands in the enum where the playbook's draft has none.
const noResolution = "none"

// options returns what fits the case, the playbook's own choice first. One
// that a person picked stands alone.
func (s *asking) options() []option {
	out := []option{s.option(s.standing)}
	if s.req.Resolution != "" || s.standing.Resolution == nil {
		return out
	}
	for _, id := range s.fitting() {
		if len(out) == mostOptions || slices.ContainsFunc(out, func(o option) bool { return o.id == id }) {
			continue
		}
		req := s.req
		req.Resolution = id
		d, err := s.from.Playbook.Draft(s.ctx, req)
		if err == nil && d.Resolution != nil && d.Resolution.ID == id && d.Language == s.standing.Language {
			out = append(out, s.option(d))
		}
	}
	return out
}

// fitting returns the ids of the resolutions that the playbook means for the
// first frictions of the case, in its order.
func (s *asking) fitting() []string {
	var ids []string
	add := func(key string, f webcare.Friction) {
		situation := s.reading.situate(f).situation(s.reading)
		n := 0
		for _, res := range s.brand.Resolutions(key) {
			if n < optionsPerFriction && res.Fits(situation) {
				ids = append(ids, res.ID)
				n++
			}
		}
	}
	if key := s.reading.keyWithoutFriction(); key != "" {
		add(key, webcare.Friction{})
		return ids
	}
	for _, f := range s.reading.frictions() {
		add(string(f.Type), f)
	}
	return ids
}

func (s *asking) option(d webcare.Draft) option {
	o := option{id: noResolution, draft: d, sorry: s.req.Triage.Complaint}
	if d.Resolution != nil {
		o.id = d.Resolution.ID
		if res, _, ok := s.brand.Resolution(o.id); ok && res.Fault == brand.FaultTheirs {
			o.sorry = false
		}
	}
	o.text, o.private = s.unsigned(d.Text, s.reading.kind), s.unsigned(d.PrivateText, "message")
	return o
}

// unsigned takes the signature off a reply of the playbook's.
func (s *asking) unsigned(reply, kind string) string {
	sign, err := s.brand.Sign(s.reading.agent, s.standing.Language, kind)
	if err != nil || sign == "" {
		return reply
	}
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(reply), sign))
}
