package triage

import (
	"fmt"
	"slices"
	"strings"

	"webcare.example/responder/internal/webcare"
)

// Combine makes one triage of the offline engine's and a language model's, which
// must have passed Validate. The language model's labels stand, with the facts
// of both (patterns miss no number); where the two differ strongly on what
// matters most, Disagreement says so in words and the more urgent reading is kept.
func Combine(offline, llm webcare.Triage) webcare.Triage {
	t := llm
	t.Facts = mergeFacts(offline.Facts, llm.Facts)
	if t.Language == "und" || t.Language == "" {
		t.Language = offline.Language
	}
	var differ []string
	if offline.Complaint != llm.Complaint && (offline.ComplaintScore > surely || offline.ComplaintScore < 1-surely) {
		differ = append(differ, fmt.Sprintf("%s says %s (%.2f), %s says %s", offline.Engine, complaintWord(offline.Complaint), offline.ComplaintScore, llm.Engine, complaintWord(llm.Complaint)))
	}
	if (offline.Urgency == webcare.Critical) != (llm.Urgency == webcare.Critical) {
		differ = append(differ, fmt.Sprintf("%s says urgency %s, %s says %s", offline.Engine, offline.Urgency, llm.Engine, llm.Urgency))
		t.Urgency = webcare.Critical
	}
	t.Disagreement = strings.Join(differ, "; ")
	return t
}

// surely is the complaint score from which the offline engine counts as sure.
const surely = 0.8

func complaintWord(complaint bool) string {
	if complaint {
		return "complaint"
	}
	return "no complaint"
}

func mergeFacts(a, b []webcare.Fact) []webcare.Fact {
	all := slices.Clone(a)
	for _, f := range b {
		if !slices.ContainsFunc(all, func(have webcare.Fact) bool { return f.Start < have.End && have.Start < f.End }) {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, func(x, y webcare.Fact) int { return x.Start - y.Start })
	return all
}
