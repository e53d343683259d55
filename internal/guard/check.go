package guard

import (
	"cmp"
	"slices"

	"webcare.example/responder/internal/webcare"
)

// Ids of the rules.
const (
	NotSpecific     = "1-not-specific"
	NoApology       = "2-no-apology"
	NoAction        = "3-no-action"
	AsksKnownFact   = "4-asks-known-fact"
	ChannelBounce   = "5-channel-bounce"
	InternalProcess = "6-internal-process"
	WrongRegister   = "7-register"
	Unsigned        = "8-unsigned"
	UnbackedPromise = "9-unbacked-promise"
	PersonalData    = "10-personal-data"
	TooLong         = "11-too-long"
	ForeignLink     = "12-foreign-link"
	NearDuplicate   = "13-near-duplicate"
	WrongTone       = "14-tone"
)

// rule looks for one kind of fault. Its findings carry place and message; the
// table adds the id and the severity.
type rule struct {
	id       string
	severity webcare.Severity
	find     func(*reading) []found
}

// found is a finding before it has its rule.
type found struct {
	start, end int
	message    string
}

var rules = []rule{
	{NotSpecific, webcare.Warning, notSpecific},
	{NoApology, webcare.Warning, noApology},
	{NoAction, webcare.Warning, noAction},
	{AsksKnownFact, webcare.Warning, asksKnownFact},
	{ChannelBounce, webcare.Warning, channelBounce},
	{InternalProcess, webcare.Warning, internalProcess},
	{WrongRegister, webcare.Warning, wrongRegister},
	{Unsigned, webcare.Warning, unsigned},
	{UnbackedPromise, webcare.Blocking, unbackedPromise},
	{PersonalData, webcare.Blocking, personalData},
	{TooLong, webcare.Blocking, tooLong},
	{ForeignLink, webcare.Blocking, foreignLink},
	{NearDuplicate, webcare.Warning, nearDuplicate},
	{WrongTone, webcare.Warning, wrongTone},
}

// Rules returns the ids of all rules in their order, and which of them block.
func Rules() (ids []string, blocking map[string]bool) {
	blocking = map[string]bool{}
	for _, r := range rules {
		ids = append(ids, r.id)
		blocking[r.id] = r.severity == webcare.Blocking
	}
	return ids, blocking
}

// Check returns what is wrong with the reply, sorted by start, then by rule in
// the order of the rules. Offsets count bytes into in.Reply. It returns an
// empty slice, never nil, for a reply without findings.
func Check(in Input) []webcare.Finding { return check(in, "") }

// check runs one rule, or all where only is empty.
func check(in Input, only string) []webcare.Finding {
	r := read(in)
	findings := []webcare.Finding{}
	for _, rule := range rules {
		if only != "" && rule.id != only {
			continue
		}
		for _, f := range rule.find(r) {
			findings = append(findings, webcare.Finding{
				Rule: rule.id, Severity: rule.severity, Message: f.message, Start: f.start, End: f.end,
			})
		}
	}
	slices.SortStableFunc(findings, func(a, b webcare.Finding) int { return cmp.Compare(a.Start, b.Start) })
	return findings
}

// CheckPair checks both texts of a public/private pair. Findings in the
// private text carry the field "private_text".
func CheckPair(in Input, private string) []webcare.Finding { return checkPair(in, private, "") }

// Breaks reports whether a reply, or a pair, breaks one rule: for who writes
// and would write otherwise, at a fraction of the time of a whole check.
func Breaks(rule string, in Input, private string) bool {
	return len(checkPair(in, private, rule)) > 0
}

func checkPair(in Input, private, only string) []webcare.Finding {
	if private == "" {
		return check(in, only)
	}
	public := in.Reply
	in.Half, in.Other = true, private
	findings := check(in, only)
	in.Reply, in.Other, in.Public = private, public, false
	for _, f := range check(in, only) {
		f.Field = "private_text"
		findings = append(findings, f)
	}
	return findings
}
