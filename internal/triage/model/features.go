package model

import (
	"webcare.example/responder/internal/text"
)

// Groups of features, so that training may weigh them differently.
const (
	GroupWord = iota
	GroupChar
	GroupConcept
	GroupContext
	Groups
)

// Feature is one thing seen in a stretch of text: a hash and its group.
type Feature struct {
	Hash  uint32
	Group uint8
}

const (
	saltWord = iota + 1
	saltTwo
	saltSkip
	saltThree
	saltChar
	saltConcept
	saltPair
	saltTriple
	saltNegated
	saltBefore
	saltAfter
	saltBeforeWord
	saltMisc
	saltFar
	saltConceptWord
)

func mix(a, b uint64) uint64 {
	h := (a ^ b*0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd
	return h ^ h>>32
}

func hashString(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h ^ h>>29
}

// hashWord hashes the normal form; digits count as alike, handles and links too.
func hashWord(w text.Word) uint64 {
	switch w.Kind {
	case text.KindHandle:
		return 2
	case text.KindEmail:
		return 3
	case text.KindNumber, text.KindCode:
		return hashShape(w.Norm)
	}
	return hashString(w.Norm)
}

func hashShape(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' {
			c = '0'
		}
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h ^ h>>29
}

func feature(salt, h uint64, group uint8) Feature {
	return Feature{uint32(mix(h, salt) >> 16), group}
}

// ClauseFeatures appends what is seen in clause i and around it.
func (d *Document) ClauseFeatures(fs []Feature, i int) []Feature {
	c := &d.Clauses[i]
	fs = d.wordFeatures(fs, c.first, c.end)
	fs = d.charFeatures(fs, c.first, c.end)
	fs = d.conceptFeatures(fs, d.hits[c.hit0:c.hit1], 9)
	return d.contextFeatures(fs, i)
}

// WindowFeatures appends what is seen in a window as a whole.
func (d *Document) WindowFeatures(fs []Feature, w Window) []Feature {
	first, end := &d.Clauses[w.First], &d.Clauses[w.End-1]
	fs = d.wordFeatures(fs, first.first, end.end)
	fs = d.charFeatures(fs, first.first, end.end)
	fs = d.conceptFeatures(fs, d.hits[first.hit0:end.hit1], 16)
	return fs
}

func (d *Document) wordFeatures(fs []Feature, first, end int) []Feature {
	h := d.hashes
	for i := first; i < end; i++ {
		salt := uint64(saltWord)
		if d.quoted[i] {
			fs = append(fs, feature(saltWord, mix(h[i], 77), GroupWord))
		}
		fs = append(fs, feature(salt, h[i], GroupWord))
		if i+1 < end {
			two := mix(h[i], h[i+1])
			fs = append(fs, feature(saltTwo, two, GroupWord))
			if i+2 < end {
				fs = append(fs, feature(saltThree, mix(two, h[i+2]), GroupWord), feature(saltSkip, mix(h[i], h[i+2]), GroupWord))
			}
		}
	}
	return fs
}

func (d *Document) charFeatures(fs []Feature, first, end int) []Feature {
	for i := first; i < end; i++ {
		w := &d.words[i]
		if w.Kind != text.KindWord && w.Kind != text.KindHashtag || len(w.Norm) < 4 {
			continue
		}
		fs = appendGrams(fs, w.Norm)
	}
	return fs
}

// appendGrams adds the runs of four and six letters, with the edges of the word as signs.
func appendGrams(fs []Feature, w string) []Feature {
	if len(w) > 30 {
		w = w[:30]
	}
	var b [32]byte
	b[0] = '^'
	n := 1 + copy(b[1:], w)
	b[n] = '$'
	n++
	for _, size := range [...]int{4, 6} {
		for at := 0; at+size <= n; at++ {
			h := uint64(14695981039346656037)
			for _, c := range b[at : at+size] {
				h = (h ^ uint64(c)) * 1099511628211
			}
			fs = append(fs, feature(saltChar, h^h>>29, GroupChar))
		}
	}
	return fs
}

// conceptFeatures adds concepts, whether negated, ordered pairs within reach words, and runs of three.
func (d *Document) conceptFeatures(fs []Feature, hits []hit, reach int32) []Feature {
	for i, a := range hits {
		id := uint64(a.concept)
		fs = append(fs, feature(saltConcept, id, GroupConcept))
		if a.at > 0 {
			fs = append(fs, feature(saltConceptWord, mix(id, d.hashes[a.at-1]), GroupConcept))
		}
		if int(a.at)+1 < len(d.hashes) {
			fs = append(fs, feature(saltConceptWord, mix(mix(id, 5), d.hashes[a.at+1]), GroupConcept))
		}
		for _, b := range hits[i+1:] {
			if b.at-a.at > reach {
				break
			}
			if b.concept != a.concept && b.at > a.at {
				fs = append(fs, feature(saltPair, id<<8|uint64(b.concept), GroupConcept))
			}
		}
		if i+2 < len(hits) && hits[i+2].at-a.at <= reach {
			fs = append(fs, feature(saltTriple, id<<16|uint64(hits[i+1].concept)<<8|uint64(hits[i+2].concept), GroupConcept))
		}
	}
	return fs
}

// contextFeatures adds what stands before and after clause i, and how it ends.
func (d *Document) contextFeatures(fs []Feature, i int) []Feature {
	c := &d.Clauses[i]
	if i > 0 {
		p := &d.Clauses[i-1]
		for _, h := range d.hits[p.hit0:p.hit1] {
			fs = append(fs, feature(saltBefore, uint64(h.concept), GroupContext))
		}
		for k := max(p.first, p.end-12); k < p.end; k++ {
			fs = append(fs, feature(saltBeforeWord, d.hashes[k], GroupContext))
		}
	}
	if i+1 < len(d.Clauses) {
		n := &d.Clauses[i+1]
		for _, h := range d.hits[n.hit0:n.hit1] {
			fs = append(fs, feature(saltAfter, uint64(h.concept), GroupContext))
		}
	}
	misc := func(code uint64) { fs = append(fs, feature(saltMisc, code, GroupContext)) }
	if i == 0 {
		misc(1)
	}
	if i == len(d.Clauses)-1 {
		misc(2)
	}
	if c.Quoted {
		misc(3)
	}
	if c.end > c.first {
		misc(16 + d.hashes[c.end-1]%1024)
	}
	return fs
}
