package guard_test

import (
	"os"
	"strings"
	"testing"

	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// TestCleanReplies: replies that a good team would send pass every rule, in
// public. They are what the rules must not grow into.
func TestCleanReplies(t *testing.T) {
	data, err := os.ReadFile("../../testdata/guard/clean.txt")
	if err != nil {
		t.Fatal(err)
	}
	customer, seen := "", 0
	for n, line := range strings.Split(string(data), "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "# "):
			continue
		case strings.HasPrefix(line, "> "):
			customer = line[2:]
			continue
		}
		seen++
		lang, _ := text.Language(customer)
		sign := map[string]string{"nl": " Groet, Noor", "en": " Best wishes, Noor"}[lang]
		for _, f := range guard.Check(guard.Input{Reply: line + sign, Channel: "facebook", Public: true, Language: lang, Messages: []string{customer},
			Triage: &webcare.Triage{Language: lang, Complaint: true, Urgency: webcare.Normal}, Voice: guard.DefaultVoice()}) {
			t.Errorf("clean.txt:%d: %s: %s: %s", n+1, f.Rule, f.Message, line)
		}
	}
	if seen < 30 {
		t.Errorf("only %d replies read", seen)
	}
}
