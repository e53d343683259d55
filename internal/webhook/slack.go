package webhook

import (
	"fmt"
	"strings"
	"time"

	"webcare.example/responder/internal/webcare"
)

// slackWords are what a Slack-compatible channel is told: Dutch, English.
var slackWords = map[webcare.EventType][2]string{
	webcare.CaseReceived:     {"Nieuw bericht", "New message"},
	webcare.CaseTriaged:      {"Bericht begrepen", "Message triaged"},
	webcare.DraftReady:       {"Concept wacht op goedkeuring", "Draft waits for approval"},
	webcare.DraftApproved:    {"Concept goedgekeurd", "Draft approved"},
	webcare.DraftRejected:    {"Concept afgewezen", "Draft rejected"},
	webcare.ReplyPublished:   {"Antwoord geplaatst", "Reply published"},
	webcare.ReplyFailed:      {"Antwoord niet geplaatst", "Reply not published"},
	webcare.PromiseMade:      {"Belofte gedaan", "Promise made"},
	webcare.PromiseDue:       {"Belofte moet nu worden nagekomen", "Promise is due"},
	webcare.PromiseWasKept:   {"Belofte nagekomen", "Promise kept"},
	webcare.PromiseWasBroken: {"Belofte gebroken", "Promise broken"},
	webcare.WorkOrderCreated: {"Werkopdracht gemaakt", "Work order created"},
	webcare.WorkOrderClosed:  {"Werkopdracht afgerond", "Work order closed"},
	webcare.SentimentSpike:   {":rotating_light: Piek in klachten", ":rotating_light: Spike of complaints"},
	DueSoon:                  {":hourglass_flowing_sand: Reactietermijn bijna voorbij", ":hourglass_flowing_sand: Response clock nearly over"},
	WebhookPaused:            {":warning: Webhook gepauzeerd", ":warning: Webhook paused"},
	Ping:                     {"Testbericht van de webcare-console", "Test message of the webcare console"},
}

// escapeSlack takes the meaning from Slack's three control characters.
var escapeSlack = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// slackText words an event in mrkdwn: what, where, how it stands, the link.
func slackText(s Subscription, e webcare.Event, d Data) string {
	words, ok := slackWords[e.Type]
	if !ok {
		words = [2]string{string(e.Type), string(e.Type)}
	}
	pick := 0
	if s.Language == "en" {
		pick = 1
	}
	var b strings.Builder
	fmt.Fprintf(&b, "*%s*", words[pick])
	var facts []string
	for _, v := range []string{d.Brand, d.Channel, d.Details["name"], d.Details["friction"], d.Details["desk"]} {
		if v != "" {
			facts = append(facts, escapeSlack.Replace(v))
		}
	}
	if l := d.New; l != nil {
		if l.Urgency != "" && l.Urgency != webcare.Normal {
			facts = append(facts, "_"+string(l.Urgency)+"_")
		}
		for _, f := range l.Frictions {
			facts = append(facts, "`"+string(f)+"`")
		}
	}
	if n := d.Details["mentions"]; n != "" {
		facts = append(facts, fmt.Sprintf([2]string{"%s keer in %s minuten, gewoonlijk %s", "%s in %s minutes, usually %s"}[pick], n, d.Details["minutes"], d.Details["expected"]))
	}
	if due, err := time.Parse(time.RFC3339, d.Details["due"]); err == nil {
		facts = append(facts, fmt.Sprintf("<!date^%d^{date_short} {time}|%s>", due.Unix(), due.Format("2006-01-02 15:04Z07:00")))
	}
	if why := d.Details["why"]; why != "" {
		facts = append(facts, escapeSlack.Replace(why))
	}
	if len(facts) > 0 {
		b.WriteString(" · " + strings.Join(facts, " · "))
	}
	if d.URL != "" {
		fmt.Fprintf(&b, " · <%s|%s>", d.URL, [2]string{"openen", "open"}[pick])
	}
	if d.Texts != nil && d.Texts.Text != "" {
		b.WriteString("\n>" + strings.ReplaceAll(escapeSlack.Replace(clip(d.Texts.Text, 2000)), "\n", "\n>"))
	}
	return b.String()
}
