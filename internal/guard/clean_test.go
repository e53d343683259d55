package guard_test

import (
	"os"
	"strings"
	"testing"

	"webcare.example/responder/internal/guard"
	"webcare.example/responder/internal/text"
	"webcare.example/responder/internal/webcare"
)

// TestCleanReplies: replies that a good team would send pass every rule.
// They are what the rules must not grow into.
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
		channel := "facebook"
		if letter(line) {
			channel = "email"
		}
		for _, f := range guard.Check(guard.Input{Reply: line + sign, Channel: channel, Public: guard.PublicChannel(channel), Language: lang, Messages: []string{customer},
			Triage: &webcare.Triage{Language: lang, Complaint: true, Urgency: webcare.Normal}, Voice: guard.DefaultVoice()}) {
			t.Errorf("clean.txt:%d: %s: %s: %s", n+1, f.Rule, f.Message, line)
		}
	}
	if seen < 50 {
		t.Errorf("only %d replies read", seen)
	}
}

// letter reports whether a reply opens as a mail does.
func letter(line string) bool {
	return strings.HasPrefix(line, "Beste ") || strings.HasPrefix(line, "Dear ") || strings.HasPrefix(line, "Dag ")
}
