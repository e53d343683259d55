package insight

import (
	"strings"

	"webcare.example/responder/internal/webcare"
)

// dutch names of the frictions, as digests write them.
var dutch = map[webcare.FrictionType]string{
	"hard_to_reach":          "hard to reach",
	"channel_restriction":    "channel restriction",
	"phone_menu":             "phone menu",
	"paid_contact":           "paid contact",
	"opening_hours":          "opening hours",
	"long_wait":              "long wait",
	"self_service_failure":   "self service failure",
	"repeat_information":     "repeat information",
	"sent_around":            "sent around",
	"customer_does_the_work": "customer does the work",
	"imposed_appointment":    "imposed appointment",
	"vague_time_window":      "vague time window",
	"late":                   "late",
	"failed_delivery":        "failed delivery",
	"cancelled_service":      "cancelled service",
	"inconvenient_location":  "inconvenient location",
	"refund":                 "refund",
	"wrong_charge":           "wrong charge",
	"hidden_cost":            "hidden cost",
	"cancellation_ignored":   "cancellation ignored",
	"broken_promise":         "broken promise",
	"wrong_information":      "wrong information",
	"unclear_information":    "unclear information",
	"misdirected_message":    "misdirected message",
	"rude_tone":              "rude tone",
	"indifference":           "indifference",
	"process_over_person":    "process over person",
	"product_defect":         "product defect",
	"product_mismatch":       "product mismatch",
	"service_quality":        "service quality",
	"privacy_security":       "privacy security",
	"other":                  "other",
}

// Name is how a friction is called in a mail.
func Name(lang string, f webcare.FrictionType) string {
	if n, ok := dutch[f]; ok && lang == "nl" {
		return n
	}
	return strings.ReplaceAll(string(f), "_", " ")
}
