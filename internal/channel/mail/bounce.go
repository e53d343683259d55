package mail

import (
	"mime"
	"strings"

	"webcare.example/responder/internal/channel/plain"
)

// report reads the machine-readable parts of reports.
func report(h header, c *content) verdict {
	kind, params, _ := mime.ParseMediaType(plain.Line(h.get("content-type")))
	isReport := kind == "multipart/report"
	what := strings.ToLower(params["report-type"])
	status, hasStatus := c.reports["message/delivery-status"]
	if !hasStatus {
		status, hasStatus = c.reports["message/global-delivery-status"]
	}
	_, hasFeedback := c.reports["message/feedback-report"]
	_, hasReceipt := c.reports["message/disposition-notification"]
	switch {
	case hasFeedback || (isReport && what == "feedback-report"):
		return verdict{reason: reasonFeedback}
	case hasReceipt || (isReport && what == "disposition-notification"):
		return verdict{reason: reasonReceipt}
	case hasStatus || (isReport && what == "delivery-status"):
		return delivery(h, c, status)
	case isReport && !oldBounce(h, c, h.text("subject")):
		return verdict{reason: reasonReport}
	}
	return verdict{}
}

// delivery tells a failure from a delay and from good news: only a failure is
// a bounce of our mail.
func delivery(h header, c *content, status string) verdict {
	var failed, delayed, done bool
	for line := range strings.Lines(status) {
		name, value, _ := strings.Cut(strings.ToLower(line), ":")
		if strings.TrimSpace(name) != "action" {
			continue
		}
		switch strings.TrimSpace(value) {
		case "delayed":
			delayed = true
		case "delivered", "relayed", "expanded":
			done = true
		default:
			failed = true
		}
	}
	switch {
	case delayed && !failed:
		return verdict{reason: reasonDelayed}
	case done && !failed:
		return verdict{reason: reasonDelivered}
	}
	return verdict{reason: reasonBounce, bounceOf: bounceOf(h, c)}
}

var bounceSubjects = lazily(`(?i)^\W*(?:undeliver(?:able|ed)|onbestelbaar|niet[- ]bezorgd|unzustellbar|non remis|returned mail|delivery (?:status|failure|report|has failed|notification)|` +
	`mail (?:delivery|system error|failure|could not)|message (?:delivery|you sent|undeliverable|status)|failure notice|delayed mail|notice: mail delivery|warning: (?:message|could not)|` +
	`bezorging (?:mislukt|is mislukt|vertraagd)|loop alert|there was an error sending|sorry, your message could not|postmaster notify|nondeliverable|mail status report)`)

var bounceBody = lazily(`(?im)(?:^(?:reporting-mta|final-recipient|original-recipient|diagnostic-code):|^\W*transcript of session|\b5\d\d[ -]#?5\.\d\.\d|` +
	`could not be delivered|permanent (?:fatal )?error|user unknown|mailbox (?:is )?(?:full|unavailable)|kon niet (?:worden )?(?:afgeleverd|bezorgd)|unknown (?:user|address)|recipients? (?:rejected|unknown|not found)|this message was created automatically by mail delivery)`)

// oldBounce reports the bounces of mail servers that send no report: by who
// sends them, or by a subject and a text that only bounces have together.
func oldBounce(h header, c *content, subject string) bool {
	if h.has("x-failed-recipients") {
		return true
	}
	from := strings.ToLower(decodeWords(h.get("from")))
	for _, who := range []string{local(sender(h).addr), local(strings.Trim(h.get("return-path"), "<> "))} {
		switch strings.TrimSpace(who) {
		case "mailer-daemon", "mailerdaemon", "mail-daemon", "postmaster", "maildaemon", "mdaemon", "double-bounce":
			return true
		}
	}
	if strings.Contains(from, "mailer-daemon") || strings.Contains(from, "mail delivery s") {
		return true
	}
	if returned := c.attached != "" || c.reports["text/rfc822-headers"] != ""; returned && (nullPath(h) || noReply(sender(h).addr) && bounceBody().MatchString(plain.Clip(c.text, maxReport))) {
		return true
	}
	if !bounceSubjects().MatchString(subject) {
		return false
	}
	return c.attached != "" || len(c.reports) > 0 || nullPath(h) || bounceBody().MatchString(plain.Clip(c.text, maxReport))
}

var idLine = lazily(`(?im)^[>\s|]*message-id:\s*(<[^<>\s]{3,900}>)`)

// bounceOf finds the Message-ID of the mail that came back: in the returned
// mail or its header, in the text of the bounce, or in what it refers to.
func bounceOf(h header, c *content) string {
	for _, t := range []string{c.attached, c.reports["text/rfc822-headers"], plain.Clip(c.text, maxReport)} {
		if m := idLine().FindStringSubmatch(unfold(t)); m != nil {
			if ids := messageIDs(m[1]); len(ids) > 0 {
				return ids[0]
			}
		}
	}
	for _, name := range []string{"in-reply-to", "references"} {
		if ids := messageIDs(h.get(name)); len(ids) > 0 {
			return ids[len(ids)-1]
		}
	}
	return ""
}

// unfold joins "Message-ID:" with an id on the next line.
func unfold(t string) string {
	t = strings.ReplaceAll(t, "\r\n", "\n")
	return strings.NewReplacer(":\n <", ": <", ":\n\t<", ": <", ": \n <", ": <").Replace(t)
}
