package draft

import (
	"math"
	"strconv"
	"strings"

	"webcare.example/responder/internal/webcare"
)

// putAmounts writes the money at stake in a stretch: amount, and where the
// customer says "£54 of the £129" also got and whole, amount being what is missing.
func (r *reading) putAmounts(from, to int, put func(name, value string)) {
	var found []webcare.Fact
	for _, f := range r.facts {
		if f.Kind == webcare.FactAmount && f.Start >= from && f.End <= to && !r.isThreshold(f) {
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		return
	}
	first := found[0]
	if len(found) >= 2 {
		got, whole := first, found[1]
		partly := outOf.MatchString(r.text[first.End:whole.Start])
		if paid, ok := cents(first.Text); ok {
			if back, ok := cents(found[1].Text); ok && back < paid && merely[r.before(found[1].Start)] {
				got, whole, partly = found[1], first, true
			}
		}
		if r.putMissing(got, whole, partly, put) {
			return
		}
	}
	if merely[r.before(first.Start)] {
		put("little", tidyAmount(first.Text))
		return
	}
	put("amount", tidyAmount(first.Text))
	for _, f := range found[1:] {
		if f.Text != first.Text {
			put("amounts", "several") // no resolution may be built on one of them
		}
	}
}

// putMissing writes what is missing where only a part came back.
func (r *reading) putMissing(got, whole webcare.Fact, partly bool, put func(name, value string)) bool {
	a, okA := cents(got.Text)
	b, okB := cents(whole.Text)
	if !partly || !okA || !okB || a >= b {
		return false
	}
	put("got", tidyAmount(got.Text))
	put("whole", tidyAmount(whole.Text))
	put("amount", money(b-a, whole.Text))
	return true
}

// An amount after these words is less than was due: "slechts €2.950".
var merely = words("slechts maar only just merely enkel")

// isThreshold holds for an amount that is a condition: "onder de 22 euro".
func (r *reading) isThreshold(f webcare.Fact) bool {
	before := r.before(f.Start)
	if before == "de" || before == "het" || before == "the" {
		before = r.beforeThat(f.Start)
	}
	return thresholds[before]
}

// Amounts after these words are conditions, not what was paid: "gratis vanaf €20".
var thresholds = words("vanaf boven onder from over above under tot maximaal")

var outOf = lazily(`(?i)^\s*(?:terug |back |returned )?(?:of the|out of the|of|van de|van|in plaats van|instead of|ipv|i\.p\.v\.)\s*$`)

var numberForm = lazily(`\d[\d.,]*`)

// cents reads an amount as people write it: "€ 1.146", "29,95", "90 cent", "£3,240".
func cents(amount string) (int64, bool) {
	number := strings.TrimRight(numberForm.FindString(amount), ".,")
	if number == "" {
		return 0, false
	}
	whole, part := number, ""
	if i := strings.LastIndexAny(number, ".,"); i >= 0 && len(number)-i-1 <= 2 {
		whole, part = number[:i], number[i+1:]
	}
	whole = strings.NewReplacer(".", "", ",", "").Replace(whole)
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > math.MaxInt32 {
		return 0, false
	}
	for len(part) < 2 {
		part += "0"
	}
	p, err := strconv.ParseInt(part, 10, 64)
	if err != nil {
		return 0, false
	}
	value := n*100 + p
	if strings.Contains(strings.ToLower(amount), "cent") {
		value = n
	}
	return value, true
}

// money writes cents in the manner of an amount of the customer's: "£75".
func money(value int64, like string) string {
	sign := "€"
	for _, s := range []string{"£", "$"} {
		if strings.Contains(like, s) {
			sign = s
		}
	}
	if value%100 == 0 {
		return sign + strconv.FormatInt(value/100, 10)
	}
	separator := "."
	if strings.Contains(like, ",") {
		separator = ","
	}
	part := strconv.FormatInt(value%100, 10)
	if len(part) == 1 {
		part = "0" + part
	}
	return sign + strconv.FormatInt(value/100, 10) + separator + part
}

// tidyAmount gives a bare number its sign: "29,95" becomes "€29,95".
func tidyAmount(amount string) string {
	if strings.IndexFunc(amount, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' }) < 0 {
		return "€" + amount
	}
	return amount
}
