package model

import "webcare.example/responder/internal/webcare"

// Ironic holds for a clause with praise in the words in which people jeer.
func (d *Document) Ironic(clause int) bool {
	want := loadLexicon().conceptOf("irony")
	c := d.Clauses[clause]
	for _, h := range d.hits[c.hit0:c.hit1] {
		if int(h.concept) == want {
			return true
		}
	}
	return false
}

// Strong returns the clauses that show a signal by a word of strong.txt which
// is neither negated nor somebody else's.
func (d *Document) Strong(s webcare.Signal) []int {
	lex := loadLexicon()
	want, neg := lex.conceptOf(string(s)), lex.conceptOf("NEG")
	var clauses []int
	for i, c := range d.Clauses {
		last := int32(-100) // word of the last negation
		for _, h := range d.hits[c.hit0:c.hit1] {
			if int(h.concept) == want && h.at-last > 3 && !d.quoted[h.at] {
				clauses = append(clauses, i)
				break
			}
			if int(h.concept) == neg {
				last = h.at
			}
		}
	}
	return clauses
}
