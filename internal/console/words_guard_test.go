package console

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// TestGuardSpeaksDutch: on replies that people wrote, every finding is said in
// Dutch, names what the English one names, and no half of it stays English.
func TestGuardSpeaksDutch(t *testing.T) {
	files, err := filepath.Glob("../../testdata/guard/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no labelled replies: %v", err)
	}
	seen, said, advised := map[string]bool{}, 0, 0
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var l struct {
				Channel, Language, Text, Reply string
				Resolution                     *webcare.Resolution
			}
			if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
				t.Fatal(err)
			}
			in := guard.Input{Reply: l.Reply, Channel: l.Channel, Public: guard.PublicChannel(l.Channel), Messages: []string{l.Text}, Language: l.Language,
				Resolution: l.Resolution, Voice: guard.DefaultVoice(), Triage: &webcare.Triage{Language: l.Language, Complaint: true, Facts: text.Facts(l.Text, l.Language)}}
			for _, found := range guard.Check(in) {
				seen[found.Rule] = true
				said++
				says, known := guardSays("nl", found)
				if !known {
					advised++
				}
				if strings.EqualFold(says, found.Message) || strings.Contains(says, "%") || strings.Contains(says, "characters") {
					t.Errorf("%s: %q is said as %q", found.Rule, found.Message, says)
				}
				if _, quote, ok := strings.Cut(found.Message, "«"); ok && known && !strings.Contains(says, quote[:strings.Index(quote, "»")]) {
					t.Errorf("%s: %q loses what it names: %q", found.Rule, found.Message, says)
				}
				if en, _ := guardSays("en", found); !strings.EqualFold(en, found.Message) {
					t.Errorf("English: %q", en)
				}
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if advised*20 > said {
		t.Errorf("%d of %d findings have no words of their own", advised, said)
	}
	if len(seen) < 12 {
		t.Errorf("only the rules %v found anything", seen)
	}
}

// TestGuardMessagesHaveWords: what the guard's source can say, the console can
// say in Dutch; nine in ten at least, for a new one is said by its rule until
// it has words.
func TestGuardMessagesHaveWords(t *testing.T) {
	files, err := filepath.Glob("../guard/*.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	var without []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(node ast.Node) bool {
			for _, m := range messagesIn(node) {
				n++
				if !hasWords(m) {
					without = append(without, m)
				}
			}
			return true
		})
	}
	if n < 40 || len(without)*10 > n {
		t.Errorf("of %d messages in the guard these have no words: %q", n, without)
	}
}

// messagesIn returns how a message begins, where a node makes one: the last
// argument of at and whole, the last part of a found.
func messagesIn(node ast.Node) []string {
	var last ast.Expr
	switch x := node.(type) {
	case *ast.CallExpr:
		if sel, ok := x.Fun.(*ast.SelectorExpr); ok && (sel.Sel.Name == "at" || sel.Sel.Name == "whole") && len(x.Args) == 2 {
			last = x.Args[1]
		}
	case *ast.CompositeLit:
		if id, ok := x.Type.(*ast.Ident); ok && id.Name == "found" && len(x.Elts) == 3 {
			last = x.Elts[2]
		}
	}
	for {
		switch x := last.(type) {
		case *ast.BinaryExpr:
			last = x.X
			continue
		case *ast.CallExpr: // Sprintf
			if len(x.Args) == 0 {
				return nil
			}
			last = x.Args[0]
			continue
		case *ast.BasicLit:
			s, err := strconv.Unquote(x.Value)
			if err != nil {
				return nil
			}
			s, _, _ = strings.Cut(s, "%")
			return []string{s}
		}
		return nil
	}
}

func hasWords(message string) bool {
	for _, words := range guardWords {
		for _, w := range words {
			if strings.HasPrefix(message, w.before) {
				return true
			}
		}
	}
	return false
}

// TestUnknownGuardMessage: a rule's message of later is advice in Dutch, and
// stays whole in English.
func TestUnknownGuardMessage(t *testing.T) {
	f := webcare.Finding{Rule: "14-tone", Message: "reads like a form"}
	if says, known := guardSays("nl", f); known || says != "Pas de toon aan" {
		t.Errorf("%q %v", says, known)
	}
	if says, _ := guardSays("en", f); says != "Reads like a form" {
		t.Errorf("%q", says)
	}
	ids, _ := guard.Rules()
	for _, id := range ids {
		if guardAdvice[id] == "" || guardWords[id] == nil {
			t.Errorf("%s has no words", id)
		}
	}
}
