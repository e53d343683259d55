package model

import "slices"

// Judge turns scores into labels: whether a message is a complaint, and which
// friction types it gets. parts are the scores of a long text's windows as
// complaints, nil for a text that is not long.
func (h Header) Judge(complaint int32, parts, types []int32) (complains bool, given []bool) {
	given = make([]bool, len(types))
	threshold := int32(0)
	if at := h.SecondOf("complaint"); at >= 0 {
		threshold = h.Second[at].Threshold
	}
	surest := h.surest(types)
	// An unsure score is overruled by a plain friction; a column's, in which the
	// complaint is spread thin, by one with two stretches that plainly complain.
	complains = complaint >= threshold || complaint > -Unit/2 && slices.Max(types) > plainFriction
	if len(parts) > 1 && surest > plainInColumn {
		sorted := slices.Sorted(slices.Values(parts))
		if second := sorted[len(sorted)-2]; second > plainInColumn {
			complains, complaint = true, max(complaint, second)
		}
	}
	if !complains {
		return false, given
	}
	for t, score := range types {
		given[t] = score >= h.needed(t, complaint, parts != nil)
	}
	return true, given
}

// surest is how far the surest friction type is above its threshold.
func (h Header) surest(types []int32) int32 {
	most := int32(-32 * Unit)
	for t, score := range types {
		most = max(most, score-h.Types[t].Threshold)
	}
	return most
}

// needed is the score from which a friction type is given in a complaint. A
// wrong label costs its reader more than a missing one, the more so where it
// is unsure that anybody complains at all; of a column, every point wants an
// answer, and its roundabout ways score lower.
func (h Header) needed(t int, complaint int32, long bool) int32 {
	need := h.Types[t].Threshold + readerMargin + max(0, sure-complaint)*3/4
	if long {
		need -= columnMargin
	}
	return need
}

const (
	readerMargin  = Unit / 8
	columnMargin  = 3 * Unit / 4
	sure          = 2 * Unit
	plainFriction = 3 * Unit / 2
	plainInColumn = 2 * Unit
)

// columnWords is how many words make a text a column: two pages of a mail.
const columnWords = 330

// Column returns the scores of the document's windows as complaints, where it
// is a column rather than a message, or nil.
func (r Raw) Column(d *Document) []int32 {
	if d.Words() < columnWords {
		return nil
	}
	parts := make([]int32, len(r.Parts))
	for i, p := range r.Parts {
		parts[i] = p[0]
	}
	return parts
}
