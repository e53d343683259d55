package llm

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// knownName is a part of a known person's name: a given name, or a family name
// with what belongs to it ("van der Berg").
type knownName struct {
	value  string
	words  []string // in normal form
	public bool
}

// knownNames cuts the names of everybody known into parts, the customer's first.
func knownNames(k Known) []knownName {
	var out []knownName
	add := func(name string, public bool) {
		for _, part := range nameParts(name) {
			part.public = public
			out = append(out, part)
		}
	}
	add(k.Author.Name, true)
	for _, n := range k.Public {
		add(n, true)
	}
	for _, n := range k.Names {
		add(n, false)
	}
	return out
}

var nameParticles = map[string]bool{"van": true, "de": true, "der": true, "den": true, "het": true, "'t": true, "ten": true, "ter": true,
	"te": true, "el": true, "al": true, "von": true, "la": true, "le": true, "du": true, "op": true, "in": true, "bin": true, "da": true, "di": true}

// nameParts leaves out signs, single letters and pictures.
func nameParts(name string) []knownName {
	var out []knownName
	var current knownName
	start := -1
	for _, w := range text.Words(name) {
		if w.Kind != text.KindWord || titles[w.Norm] {
			continue
		}
		if start < 0 {
			start = w.Start
		}
		current.words = append(current.words, w.Norm)
		if nameParticles[w.Norm] {
			continue
		}
		if utf8.RuneCountInString(w.Norm) > 1 {
			current.value = name[start:w.End]
			out = append(out, current)
		}
		current, start = knownName{}, -1
	}
	return out
}

// knownIn finds the parts of known names: written with a capital anywhere, or
// in small letters where somebody signs or says who they are.
func (v *Vault) knownIn(s string, _ []webcare.Fact) []found {
	var out []found
	words := text.Words(s)
	for i := 0; i < len(words); i++ {
		for _, n := range v.names {
			size := n.matches(words, i)
			if size == 0 || !(capital(s, words[i+size-1]) || introduced(s, words, i)) {
				continue
			}
			out = append(out, found{words[i].Start, words[i+size-1].End, Name, n.public, n.value})
			i += size - 1
			break
		}
	}
	return out
}

// matches returns how many words from i on are the name: all of it, or its
// last word without the particles.
func (n knownName) matches(words []text.Word, i int) int {
	for j, w := range n.words {
		if i+j >= len(words) || words[i+j].Norm != w {
			if last := n.words[len(n.words)-1]; words[i].Norm == last {
				return 1
			}
			return 0
		}
	}
	return len(n.words)
}

func capital(s string, w text.Word) bool {
	r, _ := utf8.DecodeRuneInString(s[w.Start:])
	return unicode.IsUpper(r)
}

var introductions = map[string]bool{"groet": true, "groeten": true, "groetjes": true, "gr": true, "mvg": true, "ben": true, "naam": true,
	"heet": true, "regards": true, "thanks": true, "name": true, "i'm": true, "im": true, "am": true, "dank": true, "cheers": true, "is": true,
	"mevrouw": true, "meneer": true, "mevr": true, "dhr": true, "mr": true, "mrs": true, "ms": true, "xx": true, "love": true}

// introduced reports whether word i follows a word that introduces a name, or
// stands in the last few words of the text.
func introduced(s string, words []text.Word, i int) bool {
	if len(words)-i <= 2 && i > 0 {
		return true
	}
	for back := 1; back <= 3 && i-back >= 0; back++ {
		w := words[i-back]
		if w.Kind == text.KindWord {
			return introductions[w.Norm]
		}
	}
	return false
}

var titles = map[string]bool{"mevr": true, "mevrouw": true, "mw": true, "dhr": true, "meneer": true, "heer": true, "mr": true, "mrs": true,
	"ms": true, "miss": true, "dr": true, "drs": true, "prof": true, "frau": true, "herr": true, "madame": true, "monsieur": true, "mme": true, "sir": true}

// namesIn finds names that nobody told us, without their titles.
func (v *Vault) namesIn(_ string, facts []webcare.Fact) []found {
	var out []found
	for _, f := range facts {
		if f.Kind != webcare.FactName || v.staff(f.Text) {
			continue
		}
		start, end := f.Start, f.End
		words := text.Words(f.Text)
		for len(words) > 1 && (titles[words[0].Norm] || words[0].Kind != text.KindWord) {
			words = words[1:]
			start = f.Start + words[0].Start
		}
		for len(words) > 1 && nameParticles[words[len(words)-1].Norm] { // "Fatima van de balie"
			words = words[:len(words)-1]
			end = f.Start + words[len(words)-1].End
		}
		out = append(out, found{start: start, end: end, kind: Name})
	}
	return out
}

// nameOf returns the first given name of a person as the channel shows it, or
// "" where it does not look like one.
func nameOf(a webcare.Author) string {
	for _, w := range strings.Fields(a.Name) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(r) && utf8.RuneCountInString(w) > 1 && !titles[strings.ToLower(strings.Trim(w, "."))] {
			return strings.Trim(w, ",.")
		}
	}
	return ""
}

// Customer returns the placeholder of the customer's first name, "" where the
// channel shows none.
func (v *Vault) Customer() string { return v.Mark(Name, nameOf(v.known.Author)) }
