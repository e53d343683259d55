package draft

import (
	"embed"
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"sync"
)

//go:embed phrases
var phraseFiles embed.FS

// phrase is one line of a phrase file.
type phrase struct {
	text     string
	classes  []string // {thing} must be of one of these; nil: those of the section
	keywords []string // one must begin a word of the evidence; nil: none needed
	slots    []string
}

// section is a friction type or a part of a reply.
type section struct {
	classes []string // classes {thing} may have
	near    bool     // {thing} must stand in the evidence itself
	lines   []phrase
}

type phraseBook map[string]*section

// books are the phrase files by language, read on first use.
var books = map[string]func() phraseBook{
	"nl": sync.OnceValue(func() phraseBook { return readPhrases("phrases/nl.txt") }),
	"en": sync.OnceValue(func() phraseBook { return readPhrases("phrases/en.txt") }),
}

func readPhrases(name string) phraseBook {
	book := phraseBook{}
	var current *section
	for line := range strings.Lines(mustRead(name)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case isHeading(line):
			fields := strings.Fields(strings.Trim(line, "[]"))
			current = &section{classes: fields[1:]}
			if len(fields) > 1 && fields[1] == "near" {
				current = &section{classes: fields[2:], near: true}
			}
			book[fields[0]] = current
		default:
			current.lines = append(current.lines, readPhrase(line))
		}
	}
	return book
}

// isHeading tells "[sorry]" from a line that begins with "[je|u]".
func isHeading(line string) bool {
	return strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") && !strings.Contains(line, "|")
}

func readPhrase(line string) phrase {
	conditions, text, found := strings.Cut(line, " :: ")
	if !found {
		conditions, text = "", line
	}
	p := phrase{text: text}
	classes, keywords, both := strings.Cut(conditions, "~")
	if classes = strings.TrimSpace(classes); classes != "" {
		p.classes = strings.Split(classes, ",")
	}
	if both {
		p.keywords = strings.Split(keywords, ",")
	}
	for rest := text; ; {
		_, after, ok := strings.Cut(rest, "{")
		if !ok {
			return p
		}
		name, more, _ := strings.Cut(after, "}")
		rest = more
		if !strings.Contains(name, "/") && !slices.Contains(p.slots, name) {
			p.slots = append(p.slots, name)
		}
	}
}

func mustRead(name string) string {
	data, err := phraseFiles.ReadFile(name)
	if err != nil {
		panic("draft: " + err.Error())
	}
	return string(data)
}

// dice chooses between wordings: always the same for one case and place in
// the reply.
type dice struct{ seed string }

func (d dice) pick(place string, n int) int {
	if n <= 1 {
		return 0
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, d.seed+"\x00"+place) // never fails
	return int(mix(h.Sum64()) % uint64(n))
}

// mix spreads the bits of a hash, so that its remainder varies too.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	return h
}
