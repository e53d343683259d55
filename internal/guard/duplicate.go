package guard

import (
	"hash/fnv"

	"webcare.example/responder/internal/text"
)

// nearDuplicate (rule 13) compares the reply with recent ones of the brand to
// other people: where nearly all runs of three words are the same, customers
// who see both read a form letter. Salutation, names, numbers and signature do
// not count. The caller leaves out the replies within one incident, which may be alike.
func nearDuplicate(r *reading) []found {
	if len(r.Recent) == 0 {
		return nil
	}
	mine := shingles(r.Reply)
	if len(mine) < fewestShingles {
		return nil
	}
	for _, other := range r.Recent {
		theirs := shingles(other)
		if len(theirs) < fewestShingles {
			continue
		}
		same := 0
		for s := range mine {
			if theirs[s] {
				same++
			}
		}
		// Jaccard: shared over all. A word changed in every ten leaves about half.
		if all := len(mine) + len(theirs) - same; same*100 >= all*55 {
			return []found{{0, len(r.Reply), "nearly the same as another recent reply of the brand"}}
		}
	}
	return nil
}

// fewestShingles: shorter replies are alike by nature.
const fewestShingles = 8

const shingleWords = 3

// shingles returns the runs of three words of a text, hashed.
func shingles(s string) map[uint64]bool {
	var words []string
	for _, w := range text.Words(s) {
		if w.Kind == text.KindWord {
			words = append(words, w.Norm)
		}
	}
	set := make(map[uint64]bool, len(words))
	h := fnv.New64a()
	for i := 0; i+shingleWords <= len(words); i++ {
		h.Reset()
		for _, w := range words[i : i+shingleWords] {
			h.Write([]byte(w))
			h.Write([]byte{' '})
		}
		set[h.Sum64()] = true
	}
	return set
}
