package insight

import (
	"strings"

	"webcare.example/responder/internal/webcare"
)

// dutch names of the frictions, as digests write them.
var dutch = map[webcare.FrictionType]string{
	"hard_to_reach":          "slecht bereikbaar",
	"channel_restriction":    "verplicht kanaal",
	"phone_menu":             "belmenu",
	"paid_contact":           "betaald contact",
	"opening_hours":          "openingstijden",
	"long_wait":              "lang wachten",
	"self_service_failure":   "zelfservice faalt",
	"repeat_information":     "opnieuw vertellen",
	"sent_around":            "van het kastje naar de muur",
	"customer_does_the_work": "klant doet het werk",
	"imposed_appointment":    "opgelegde afspraak",
	"vague_time_window":      "vaag tijdvak",
	"late":                   "te laat",
	"failed_delivery":        "bezorging mislukt",
	"cancelled_service":      "geannuleerd",
	"inconvenient_location":  "onhandige plek",
	"refund":                 "terugbetaling",
	"wrong_charge":           "onjuiste rekening",
	"hidden_cost":            "verborgen kosten",
	"cancellation_ignored":   "opzegging genegeerd",
	"broken_promise":         "gebroken belofte",
	"wrong_information":      "onjuiste informatie",
	"unclear_information":    "onduidelijke informatie",
	"misdirected_message":    "verkeerd bericht",
	"rude_tone":              "onvriendelijke toon",
	"indifference":           "onverschilligheid",
	"process_over_person":    "proces boven mens",
	"product_defect":         "defect product",
	"product_mismatch":       "niet zoals beschreven",
	"service_quality":        "slechte dienst",
	"privacy_security":       "privacy en veiligheid",
	"other":                  "anders",
}

// Name is how a friction is called in a mail.
func Name(lang string, f webcare.FrictionType) string {
	if n, ok := dutch[f]; ok && lang == "nl" {
		return n
	}
	return strings.ReplaceAll(string(f), "_", " ")
}
