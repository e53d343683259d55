package draft

import (
	"strings"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// stretch is a piece of evidence with what stands in it and around it.
type stretch struct {
	near, wide       map[string]string // slots inside, and in the sentences around
	nearBy, wideBy   []thing
	plain            string // the evidence in normal form, for keywords
	third            string // whom it happened to, "" for the writer
	from, to         int
	wideFrom, wideTo int
}

// stretchOf reads the evidence between two offsets. The wide stretch is the
// sentences it lies in; of a short post the whole.
func (r *reading) stretchOf(from, to int) stretch {
	key := stretchKey{from, to, r.half}
	if s, ok := r.stretches[key]; ok {
		return s
	}
	s := r.readStretch(from, to)
	r.stretches[key] = s
	return s
}

type stretchKey struct {
	from, to int
	half     string
}

func (r *reading) readStretch(from, to int) stretch {
	s := stretch{from: from, to: to, wideFrom: from, wideTo: to}
	for i, sent := range r.sents {
		if sent.Start < to && sent.End > from {
			s.wideFrom, s.wideTo = min(s.wideFrom, r.sents[max(0, i-1)].Start), max(s.wideTo, sent.End)
		}
	}
	if len(r.text) <= 400 {
		s.wideFrom, s.wideTo = 0, len(r.text)
	}
	s.near, s.wide = r.slots(from, to), r.slots(s.wideFrom, s.wideTo)
	for name := range s.wide {
		only := name == "amount" && r.onlyAmount() == s.wide[name]
		if !carries[name] && !only && !(name == "duration" && r.lasting(s.wide[name])) {
			delete(s.wide, name)
		}
	}
	if dead := r.deceased(); dead != "" {
		s.near["deceased"] = dead
	}
	s.nearBy, s.wideBy = r.thingsIn(from, to), r.thingsIn(s.wideFrom, s.wideTo)
	s.plain = text.Normal(r.text[from:to])
	s.third = r.somebodyElse(from, to)
	if to-from < 25 {
		s.plain = text.Normal(r.text[s.wideFrom:s.wideTo])
	}
	return s
}

// Details that mean the same when they stand beside the evidence. A date or an
// amount there may be of something else.
var carries = map[string]bool{"tries": true, "distance": true, "only": true, "who": true, "several": true, "since": true}

// lasting holds for a duration that the customer says has passed: "al 3 weken".
func (r *reading) lasting(duration string) bool {
	return strings.Contains(r.plain, "al "+duration) || strings.Contains(r.plain, "for "+duration) || strings.Contains(r.plain, "already "+duration)
}

func (r *reading) thingsIn(from, to int) []thing {
	var in []thing
	for _, t := range r.things {
		if t.start >= from && t.start < to {
			in = append(in, t)
		}
	}
	return in
}

// holds reports whether a span lies inside the text.
func (r *reading) holds(s webcare.Span) bool {
	return s.Start >= 0 && s.End <= len(r.text) && s.Start < s.End
}

// spans returns the evidence of a friction inside the text; without any, the
// whole text.
func (r *reading) spans(f webcare.Friction) []webcare.Span {
	var spans []webcare.Span
	for _, e := range f.Evidence {
		if r.holds(e) {
			spans = append(spans, e)
		}
	}
	if len(spans) == 0 {
		spans = []webcare.Span{{Start: 0, End: len(r.text), Text: r.text}}
	}
	return spans
}
