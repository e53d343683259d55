package console

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language/display"

	xlang "golang.org/x/text/language"

	"webcare.example/responder/internal/webcare"
)

// interfaceLanguages of the console; the first is the default.
var interfaceLanguages = xlang.NewMatcher([]xlang.Tag{xlang.Dutch, xlang.English})

// language is the interface language a browser asks for.
func language(r *http.Request) string {
	tags, _, err := xlang.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return "nl"
	}
	if _, i, _ := interfaceLanguages.Match(tags...); i == 1 {
		return "en"
	}
	return "nl"
}

// translate returns a word of the interface; a missing one shows its key.
func translate(lang, key string) string {
	w, ok := words[key]
	switch {
	case !ok:
		return strings.ReplaceAll(strings.TrimPrefix(key, "x."), "_", " ")
	case lang == "en":
		return w[1]
	}
	return w[0]
}

// words of the interface: Dutch, English.
var words = map[string][2]string{
	"queue": {"Werkvoorraad", "Queue"}, "oops": {"Er ging iets mis aan onze kant; het staat in het logboek.", "Something went wrong on our side; it is in the log."},
	"tab.review": {"Te beoordelen", "To review"}, "tab.underway": {"Onderweg", "Under way"}, "tab.waiting": {"Wachtend", "Waiting"},
	"tab.answered": {"Beantwoord", "Answered"}, "tab.ended": {"Afgesloten", "Ended"},
	"search": {"Zoeken", "Search"}, "more": {"Volgende", "Next page"},
	"empty.queue":  {"Niets te doen. Nieuwe klachten verschijnen hier vanzelf.", "Nothing to do. New complaints appear here by themselves."},
	"empty.draft":  {"Er is geen concept. Schrijf zelf een antwoord, of vraag om een concept.", "There is no draft. Write a reply yourself, or ask for a draft."},
	"conversation": {"Gesprek", "Conversation"}, "draft": {"Concept", "Draft"}, "private": {"Privébericht", "Private message"},
	"public": {"Openbaar antwoord", "Public reply"}, "reply": {"Antwoord", "Reply"},
	"approve": {"Goedkeuren", "Approve"}, "approve.next": {"Goedkeuren en volgende", "Approve and next"}, "propose": {"Voorleggen", "Propose"},
	"reject": {"Afwijzen en nieuw concept", "Reject and redraft"}, "reason": {"Wat moet er anders?", "What should change?"},
	"save": {"Bewaren", "Save"}, "discard": {"Mijn wijzigingen weggooien", "Discard my changes"}, "write": {"Als concept opslaan", "Store as draft"},
	"ignore": {"Geen antwoord nodig", "No reply needed"}, "undo": {"Ongedaan maken", "Undo"}, "close": {"Afsluiten", "Close"},
	"claim": {"Ik pak dit op", "I take this"}, "release": {"Loslaten", "Release"}, "note": {"Notitie", "Note"}, "snooze": {"Sluimeren", "Snooze"},
	"hours": {"uur", "hours"}, "resolution": {"Oplossing", "Resolution"}, "none": {"geen", "none"}, "checks": {"Eerst nagaan", "Check first"},
	"findings": {"Bevindingen", "Findings"}, "override": {"toch zo versturen", "send anyway"}, "promises": {"Beloften", "Promises"},
	"facts": {"Wat de klant al vertelde", "What the customer already told"}, "history": {"Verloop", "History"}, "urgency": {"Urgentie", "Urgency"},
	"due": {"Uiterlijk", "Due"}, "channel": {"Kanaal", "Channel"}, "posted": {"Geplaatst", "Posted"}, "posted.url": {"Adres van het geplaatste antwoord", "Address of the posted reply"},
	"assisted": {"Dit kanaal plaatst u zelf: kopieer de tekst, open de pagina, plaats het antwoord en meld het hier.", "You post on this channel yourself: copy the text, open the page, post the reply and report it here."},
	"open":     {"Open de pagina", "Open the page"}, "undo.left": {"wordt verstuurd over", "will be sent in"}, "seconds": {"s", "s"},
	"holder": {"werkt hieraan", "works on this"}, "stale": {"Uw bewaarde tekst begon bij een ander concept.", "Your saved text began with another draft."},
	"authority": {"vraagt", "takes"}, "by": {"door", "by"}, "cost": {"kosten", "cost"}, "attention": {"Kijk hier zelf naar", "Please look"},
	"quoted": {"Eerdere berichten", "Earlier messages"}, "skip": {"Naar de inhoud", "Skip to content"},
	"x.praise": {"compliment", "praise"},

	"critical": {"kritiek", "critical"}, "high": {"hoog", "high"}, "normal": {"normaal", "normal"}, "low": {"laag", "low"},
	"negative": {"negatief", "negative"}, "positive": {"positief", "positive"}, "neutral": {"neutraal", "neutral"}, "mixed": {"gemengd", "mixed"},
	"blocking": {"blokkeert", "blocks"}, "warning": {"let op", "note"},
	"received": {"ontvangen", "received"}, "triaged": {"begrepen", "triaged"}, "in_review": {"te beoordelen", "in review"}, "approved": {"goedgekeurd", "approved"},
	"publishing": {"wordt geplaatst", "being posted"}, "answered": {"beantwoord", "answered"}, "waiting": {"wachtend", "waiting"},
	"closed": {"afgesloten", "closed"}, "ignored": {"geen antwoord", "no reply"},

	"hard_to_reach": {"slecht bereikbaar", "hard to reach"}, "channel_restriction": {"verplicht kanaal", "channel restriction"}, "phone_menu": {"belmenu", "phone menu"},
	"paid_contact": {"betaald contact", "paid contact"}, "opening_hours": {"openingstijden", "opening hours"}, "long_wait": {"lang wachten", "long wait"},
	"self_service_failure": {"zelfservice faalt", "self-service failure"}, "repeat_information": {"opnieuw vertellen", "repeat information"},
	"sent_around": {"van het kastje naar de muur", "sent around"}, "customer_does_the_work": {"klant doet het werk", "customer does the work"},
	"imposed_appointment": {"opgelegde afspraak", "imposed appointment"}, "vague_time_window": {"vaag tijdvak", "vague time window"}, "late": {"te laat", "late"},
	"failed_delivery": {"bezorging mislukt", "failed delivery"}, "cancelled_service": {"geannuleerd", "cancelled service"},
	"inconvenient_location": {"onhandige plek", "inconvenient location"}, "refund": {"terugbetaling", "refund"}, "wrong_charge": {"onjuiste rekening", "wrong charge"},
	"hidden_cost": {"verborgen kosten", "hidden cost"}, "cancellation_ignored": {"opzegging genegeerd", "cancellation ignored"},
	"broken_promise": {"gebroken belofte", "broken promise"}, "wrong_information": {"onjuiste informatie", "wrong information"},
	"unclear_information": {"onduidelijke informatie", "unclear information"}, "misdirected_message": {"verkeerd bericht", "misdirected message"},
	"rude_tone": {"onvriendelijke toon", "rude tone"}, "indifference": {"onverschilligheid", "indifference"}, "process_over_person": {"proces boven mens", "process over person"},
	"product_defect": {"defect product", "product defect"}, "product_mismatch": {"niet zoals beschreven", "product mismatch"}, "service_quality": {"slechte dienst", "service quality"},
	"privacy_security": {"privacy en veiligheid", "privacy and security"}, "other": {"anders", "other"},
	"churn_risk": {"dreigt te vertrekken", "churn risk"}, "legal_threat": {"juridische stap", "legal threat"}, "media_threat": {"dreigt met media", "media threat"},
	"safety": {"veiligheid", "safety"}, "fraud": {"fraude", "fraud"}, "privacy_leak": {"datalek", "privacy leak"}, "vulnerable_customer": {"kwetsbare klant", "vulnerable customer"},
	"discrimination": {"discriminatie", "discrimination"}, "repeat_contact": {"herhaald contact", "repeat contact"}, "asks_for_reply": {"vraagt om antwoord", "asks for reply"},
	"press": {"pers", "press"}, "privacy_request": {"privacyverzoek", "privacy request"}, "spam": {"spam", "spam"}, "abusive": {"scheldend", "abusive"},
}

var functions = template.FuncMap{
	"tr":     translate,
	"has":    func(list []string, s string) bool { return slices.Contains(list, s) },
	"when":   func(t time.Time) string { return t.Format("02-01-2006 15:04") },
	"euro":   func(cents int64) string { return fmt.Sprintf("€ %d,%02d", cents/100, cents%100) },
	"langOf": func(code string) string { return display.Self.Name(xlang.Make(code)) },
	"clock":  clock,
	"iso":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"len64":  func(s string) int { return len([]rune(s)) },
}

// clock says how a response clock stands: class and words.
func clock(h webcare.Head, now int64, lang string) [2]string {
	if h.DueAt.IsZero() || !h.Status.Open() {
		return [2]string{"none", "–"}
	}
	left := h.DueAt.UnixMilli() - now
	whole := h.DueAt.Sub(h.ReceivedAt).Milliseconds()
	class := "calm"
	switch {
	case left < 0:
		class = "over"
	case whole > 0 && left*5 < whole:
		class = "soon"
	}
	d := (time.Duration(max(left, -left)) * time.Millisecond).Round(time.Minute)
	text := fmt.Sprintf("%dm", int(d.Minutes()))
	if d >= time.Hour {
		text = fmt.Sprintf("%dh%02d", int(d.Hours()), int(d.Minutes())%60)
	}
	if d >= 48*time.Hour {
		text = fmt.Sprintf("%dd", int(d.Hours()/24))
	}
	if left < 0 {
		text = map[string]string{"nl": text + " te laat", "en": text + " late"}[lang]
	}
	return [2]string{class, text}
}

func count(n int) string {
	if n > countLimit {
		return "1.000+"
	}
	return fmt.Sprint(n)
}
