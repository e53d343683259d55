package guard

import (
	"hash/fnv"
	"slices"

	"webcare.example/responder/internal/text"
)

// nearDuplicate (rule 13) compares the reply with recent ones of the brand to
// other people: where nearly all runs of three words are the same, customers
// who see both read a form letter. Salutation, names, numbers and signature do
// not count. The caller leaves out the replies within one incident, which may be alike.
func nearDuplicate(r *reading) []found {
	if len(r.Recent) == 0 && len(r.Earlier) == 0 {
		return nil
	}
	mine := FingerprintOf(r.Reply)
	alike := slices.ContainsFunc(r.Earlier, mine.like) ||
		slices.ContainsFunc(r.Recent, func(s string) bool { return mine.like(FingerprintOf(s)) })
	if !alike {
		return nil
	}
	return []found{{0, len(r.Reply), "nearly the same as another recent reply of the brand"}}
}

// Fingerprint is what is compared of a reply: its runs of three words, hashed
// and sorted. Who checks many replies against one another makes it once each.
type Fingerprint []uint64

// like reports whether two replies are nearly the same. Jaccard: shared over
// all. A word changed in every ten leaves about half.
func (f Fingerprint) like(g Fingerprint) bool {
	if len(f) < fewestShingles || len(g) < fewestShingles || min(len(f), len(g))*100 < max(len(f), len(g))*likeness {
		return false
	}
	same := 0
	for i, j := 0, 0; i < len(f) && j < len(g); {
		switch {
		case f[i] < g[j]:
			i++
		case f[i] > g[j]:
			j++
		default:
			same, i, j = same+1, i+1, j+1
		}
	}
	return same*100 >= (len(f)+len(g)-same)*likeness
}

// likeness is the share of common runs, in per cent, from which two replies are one.
const likeness = 55

// fewestShingles: shorter replies are alike by nature.
const fewestShingles = 8

const shingleWords = 3

// FingerprintOf returns the fingerprint of a reply.
func FingerprintOf(s string) Fingerprint {
	var words []string
	for _, w := range text.Words(s) {
		if w.Kind == text.KindWord {
			words = append(words, w.Norm)
		}
	}
	set := make(Fingerprint, 0, len(words))
	h := fnv.New64a()
	for i := 0; i+shingleWords <= len(words); i++ {
		h.Reset()
		for _, w := range words[i : i+shingleWords] {
			h.Write([]byte(w))
			h.Write([]byte{' '})
		}
		set = append(set, h.Sum64())
	}
	slices.Sort(set)
	return slices.Compact(set)
}
