package units_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"webcare.example/responder/internal/aws/units"
)

func TestTransaction(t *testing.T) {
	put := func(attrs string) string { return `{"Put":{"Item":{"pk":{"S":"case#1"},"sk":{"S":"x"}` + attrs + `}}}` }
	body := func(n int) string {
		return `,"b":{"B":"` + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", n))) + `"}`
	}
	for _, c := range []struct {
		name, items string
		want        float64
	}{
		{"one small item", put(""), 2},
		{"two small items", put("") + "," + put(""), 4},
		{"one of 1.5 kB", put(body(1500)), 4},
		{"one of 1 kB but for its names", put(body(1020)), 4},
		{"an event, which stands in the log", put(`,"t":{"S":"event"},"lp":{"S":"log"},"ls":{"S":"1"}`), 3},
		{"a new head", put(`,"t":{"S":"head"},"v":{"N":"1"},"lp":{"S":"q"},"ls":{"S":"1"}`), 3},
		{"a head again, of 1.5 kB, with an assignee", put(`,"t":{"S":"head"},"v":{"N":"2"},"lp":{"S":"q"},"ls":{"S":"1"},"ap":{"S":"a"},"as":{"S":"1"}` + body(1500)), 12},
		{"a task that is done", `{"Delete":{"Key":{"pk":{"S":"task#1"},"sk":{"S":"-"}}}}`, 3},
		{"a counter", `{"Update":{"Key":{"pk":{"S":"tally#b"},"sk":{"S":"x"}},"ExpressionAttributeValues":{":n":{"N":"1"}}}}`, 2},
	} {
		got, err := units.Transaction([]byte(fmt.Sprintf(`{"TransactItems":[%s]}`, c.items)))
		if err != nil || got != c.want {
			t.Errorf("%s: %v units (%v), want %v", c.name, got, err, c.want)
		}
	}
}
