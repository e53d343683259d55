package console

import (
	"strings"

	"webcare.example/responder/internal/webcare"
)

// reasons are what the stages say of a case that a person must look at, and
// why a step was refused, in Dutch; %s is what stands after or between. What a
// platform, a desk or a person said themselves stays as they said it.
var reasons = []guardWord{
	{"our reply bounced", "", "Ons antwoord kwam terug: de klant heeft het niet ontvangen"},
	{"the desk ", "", "De afdeling weigerde: %s"},
	{"the reply was refused: ", "", "Het kanaal weigerde het antwoord: %s"},
	{"nobody knows whether the reply was posted: look before you post again. ", "", "Niemand weet of het antwoord geplaatst is: kijk eerst, voor je het nog eens plaatst. %s"},
	{"nobody knows whether the reply was posted", "", "Niemand weet of het antwoord geplaatst is: kijk eerst, voor je het nog eens plaatst"},
	{"restored while a reply was being posted", "", "Teruggezet terwijl een antwoord werd geplaatst: kijk eerst, voor je het nog eens plaatst"},
	{"waited for customer until today", "", "Tot vandaag gewacht op de klant"},
	{"waited for ", " until today", "Tot vandaag gewacht op %s"},
	{"no draft: there is no message to answer", "", "Geen concept: er is geen bericht om te beantwoorden"},
	{"no draft: ", " is answered by ", "Geen concept: %s"},
	{"no draft: ", "", "Geen concept: %s"},
	{"triage failed ", "", "Het bericht kon niet gelezen worden: %s"},
	{"draft failed ", "", "Er kon geen concept gemaakt worden: %s"},
	{"publish failed ", "", "Het antwoord kon niet geplaatst worden: %s"},
	{"the customer wrote again", "", "De klant schreef opnieuw"},

	{"there is no draft to approve", "", "Er is geen concept om goed te keuren"},
	{"there is no draft for the customer's latest message", "", "Er is geen concept voor het laatste bericht van de klant"},
	{"the case has changed", "", "De zaak is intussen veranderd"},
	{"the draft has changed since you saw it", "", "Het concept is veranderd sinds je het zag"},
	{"the draft promises a date that has passed", "", "Het concept belooft een datum die voorbij is: vraag om een nieuw concept"},
	{"an attempt is under way until ", "", "Het antwoord wordt op dit moment geplaatst"},
	{"this reply is posted by the program", "", "Dit antwoord plaatst het programma zelf"},
	{"this is not the text that was approved", "", "Dit is niet de tekst die is goedgekeurd"},
	{"", " works on this case", "%s werkt aan deze zaak"},
	{"cannot ", "", "Dat kan niet meer zoals de zaak er nu voor staat"},
	{"the promise is ", "", "Deze belofte is al afgerond"}, {"the work order is ", "", "Deze opdracht is al afgerond"},
	{"a hold keeps ", "", "Een teamleider houdt deze zaak vast"},
}

// reasonSays words a reason in a language of the interface, each of its parts;
// one that has no words stays as it is.
func reasonSays(lang, why string) string {
	if lang == "en" {
		return why
	}
	parts := strings.Split(why, "; ")
	for i, part := range parts {
		parts[i] = oneReason(part)
	}
	return strings.Join(parts, "; ")
}

func oneReason(why string) string {
	if signal, desk, ok := strings.Cut(strings.TrimPrefix(why, "no draft: "), " is answered by "); ok {
		return "Geen concept: " + translate("nl", signal) + " wordt beantwoord door " + desk
	}
	for _, w := range reasons {
		fact, ok := w.fact(why)
		if !ok {
			continue
		}
		if _, said, refused := strings.Cut(fact, " refused: "); refused && w.before == "the desk " {
			fact = said
		}
		return strings.TrimSpace(strings.Replace(w.dutch, "%s", fact, 1))
	}
	return why
}

// errorSays words a refusal. The kind of the error stands before its reason,
// and operations before the kind.
func errorSays(lang string, err error) string {
	text := err.Error()
	for _, kind := range []error{webcare.ErrConflict, webcare.ErrInvalid, webcare.ErrNotFound, webcare.ErrForbidden} {
		if _, why, ok := strings.Cut(text, kind.Error()+": "); ok {
			return reasonSays(lang, why)
		}
	}
	return text
}

// Why words a reason.
func (p page) Why(why string) string { return reasonSays(p.Lang, why) }
