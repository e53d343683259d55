package text

// Terms returns the normal forms of the words, numbers, handles and links of
// s, in order: what search compares. Words of one character are left out.
func Terms(s string) []string {
	words := Words(s)
	out := make([]string, 0, len(words))
	for _, w := range words {
		if len(w.Norm) > 1 && w.Kind != KindMark {
			out = append(out, w.Norm)
		}
	}
	return out
}
