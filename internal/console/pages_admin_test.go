package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"webcare.example/responder/internal/console"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

var formType = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}

// TestAdminPages walks through webhooks, deliveries with replay, tokens and sources.
func TestAdminPages(t *testing.T) {
	d := newDesk(t)
	page := func(method, path string, form url.Values, want int, contains ...string) string {
		t.Helper()
		w := d.send(method, path, form.Encode(), formType)
		if w.Code != want {
			t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		for _, c := range contains {
			if !strings.Contains(w.Body.String(), c) {
				t.Fatalf("%s %s: no %q in %s", method, path, c, w.Body)
			}
		}
		return w.Body.String()
	}
	for _, p := range []string{"webhooks", "tokens", "sources"} {
		page("GET", "/settings/"+p, nil, 200, "Er is nog geen")
	}
	page("POST", "/settings/webhooks", url.Values{"name": {"CRM"}, "url": {"https://crm.example.com/hidden-path"}, "format": {"standard"}, "language": {"nl"}, "event": {"draft.ready"}}, 200, "whsec_", "CRM")
	list := page("GET", "/settings/webhooks", nil, 200, "draft.ready", "crm.example.com")
	if strings.Contains(list, "whsec_") || strings.Contains(list, "hidden-path") {
		t.Fatal("a secret is shown again")
	}
	one := regexp.MustCompile(`/settings/webhooks/[0-9a-z]{20,}`).FindString(list)
	page("POST", one+"/test", nil, 303)
	shown := page("GET", one, nil, 200, "webhook.test", "wacht")
	delivery := regexp.MustCompile(`name="delivery" value="([^"]+)"`).FindStringSubmatch(shown)
	page("POST", one+"/replay", url.Values{"delivery": {delivery[1]}}, 303)
	page("POST", one+"/replay", url.Values{"since": {"2026-11-23T00:00"}, "until": {"2026-11-24T00:00"}}, 200, "Opnieuw onderweg: 1")
	page("POST", one+"/replay", url.Values{"since": {"yesterday"}, "until": {"2026-11-24T00:00"}}, 422)
	page("POST", one+"/rotate", nil, 200, "whsec_")
	page("POST", one+"/pause", nil, 303)
	page("GET", one, nil, 200, "gepauzeerd")
	page("POST", one+"/resume", nil, 303)
	page("GET", one+"?outcome=failed", nil, 200, "Er is nog niets verstuurd")
	page("POST", one+"/delete", nil, 303)
	page("GET", one, nil, 404)

	page("POST", "/settings/tokens", url.Values{"name": {"crm"}, "role": {"integration"}, "scope": {"cases:read"}}, 200, "wct_")
	list = page("GET", "/settings/tokens", nil, 200, "cases:read", "nooit")
	page("POST", regexp.MustCompile(`/settings/tokens/[0-9a-f]+/revoke`).FindString(list), nil, 303)
	page("GET", "/settings/tokens", nil, 200, "Er is nog geen token")

	page("POST", "/settings/sources", url.Values{"name": {"Forum"}, "channel": {"forum"}}, 200, "whsec_", "/hooks/messages/")
	list = page("GET", "/settings/sources", nil, 200, "Forum")
	source := regexp.MustCompile(`/settings/sources/[0-9a-z]+`).FindString(list)
	page("POST", source+"/rotate", nil, 200, "whsec_")
	page("POST", source+"/remove", nil, 303)
	page("POST", source+"/other", nil, 404)

	d.as.Authority, d.as.Role = webcare.Senior, console.RoleSenior
	for _, p := range []string{"webhooks", "tokens", "sources"} {
		page("GET", "/settings/"+p, nil, 403)
	}
	if webhook.Describe(webhook.Ping) == "" {
		t.Error("no words for a test")
	}
}
