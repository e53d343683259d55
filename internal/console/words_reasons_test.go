package console

import (
	"fmt"
	"testing"

	"webcare.example/responder/internal/webcare"
)

// TestReasonsInDutch: what stops a case or a step is said in the language of
// the interface; what others said themselves stays as they said it.
func TestReasonsInDutch(t *testing.T) {
	for why, want := range map[string]string{
		"our reply bounced: the customer has not received it":                                          "Ons antwoord kwam terug: de klant heeft het niet ontvangen",
		"the desk finance refused: al betaald op 3 november":                                           "De afdeling weigerde: al betaald op 3 november",
		"no draft: press is answered by Persvoorlichting":                                              "Geen concept: pers wordt beantwoord door Persvoorlichting",
		"no draft: there is no message to answer; our reply bounced: the customer has not received it": "Geen concept: er is geen bericht om te beantwoorden; Ons antwoord kwam terug: de klant heeft het niet ontvangen",
		"waited for finance until today":                                                               "Tot vandaag gewacht op finance",
		"nobody knows whether the reply was posted: look before you post again. no answer in time":     "Niemand weet of het antwoord geplaatst is: kijk eerst, voor je het nog eens plaatst. no answer in time",
		"een reden die een mens schreef":                                                               "een reden die een mens schreef",
	} {
		if got := reasonSays("nl", why); got != want {
			t.Errorf("%q: %q, want %q", why, got, want)
		}
		if got := reasonSays("en", why); got != why {
			t.Errorf("English: %q", got)
		}
	}
	for err, want := range map[error]string{
		webcare.Conflictf("%s works on this case", "Lea"):                                   "Lea werkt aan deze zaak",
		fmt.Errorf("Approve(case1): %w", webcare.Conflictf("there is no draft to approve")): "Er is geen concept om goed te keuren",
		webcare.Conflictf("cannot approve: the case is closed"):                             "Dat kan niet meer zoals de zaak er nu voor staat",
		fmt.Errorf("iets"): "iets",
	} {
		if got := errorSays("nl", err); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}
