package guard_test

import (
	"os"
	"strings"
	"testing"

	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// TestPhrases checks one phrasing at a time, each for one rule. The file is
// meant to be read and added to by whoever meets a phrasing that went wrong.
func TestPhrases(t *testing.T) {
	data, err := os.ReadFile("../../testdata/guard/phrases.txt")
	if err != nil {
		t.Fatal(err)
	}
	rule, customer, channel, seen := "", "", "facebook", 0
	for n, line := range strings.Split(string(data), "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "# "):
			continue
		case strings.HasPrefix(line, "== "):
			rule, channel = line[3:], "facebook"
			continue
		case strings.HasPrefix(line, "@ "):
			channel = line[2:]
			continue
		case strings.HasPrefix(line, "> "):
			customer = line[2:]
			continue
		}
		if len(line) < 3 || line[0] != '+' && line[0] != '-' {
			t.Fatalf("phrases.txt:%d: %q", n+1, line)
		}
		seen++
		reply := strings.ReplaceAll(line[2:], `\n`, "\n")
		lang, _ := text.Language(customer)
		found := findings(guard.Input{Reply: reply, Channel: channel, Public: guard.PublicChannel(channel), Language: lang, Messages: []string{customer},
			Triage: &webcare.Triage{Language: lang, Complaint: true, Urgency: webcare.Normal}, Voice: guard.DefaultVoice()}, rule)
		if want := line[0] == '+'; want != (len(found) > 0) {
			t.Errorf("phrases.txt:%d: %s: found %v, want %v: %s", n+1, rule, found, want, reply)
		}
	}
	if seen < 150 {
		t.Errorf("only %d phrasings read", seen)
	}
}

// findings returns the findings of one rule.
func findings(in guard.Input, rule string) []webcare.Finding {
	var out []webcare.Finding
	for _, f := range guard.Check(in) {
		if f.Rule == rule {
			out = append(out, f)
		}
	}
	return out
}
