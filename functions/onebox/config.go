package main

import (
	"flag"
	"fmt"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/llm"
)

// config is all that can be set, read once from WEBCARE_ variables; flags go
// before them.
type config struct {
	Listen string `default:"127.0.0.1:8080"`
	SMTP   string `default:"127.0.0.1:2525"`
	Data   string `default:"webcare-data"`
	// Brand lists brand files, by comma; none is the sample brand.
	Brand []string
	// Agent is the first name or alias that signs drafts and, on loopback
	// without accounts, the person at the console.
	Agent string `default:"Noor"`
	// Undo is how long an approval can be taken back.
	Undo time.Duration `default:"30s"`
	// HookSecrets verify POST /hooks/messages: whsec_..., several during a rotation.
	HookSecrets []string `split_words:"true"`
	// AllowLoopback lets webhooks call addresses on this machine, for
	// development; any other inside address is refused always.
	AllowLoopback bool `split_words:"true"`
	// SMTPURL is the submission server for replies, smtp://user:password@host:587
	// or smtps://; empty writes .eml files to the outbox folder.
	SMTPURL string `envconfig:"SMTP_URL"`
	// MailFrom is the address replies come from, MailTo the addresses and
	// domains that mail is taken in for; empty takes all.
	MailFrom string   `split_words:"true"`
	MailTo   []string `split_words:"true"`
	// MailSecret signs reply addresses, so that answers find their case.
	MailSecret string `split_words:"true"`
	// MailAuthServer is the authserv-id of the mail server in front, whose
	// verdict on DMARC is trusted (RFC 8601).
	MailAuthServer string `split_words:"true"`
	// URL is the console's address as browsers see it, with accounts.
	URL  string
	OIDC oidcConfig
	LLM  llmConfig

	// Flags only.
	jsonl, history, noProgress bool
	sign, now, mapping, report string
	compare, scope             string
	apart                      bool // a demonstration: no real platform is called
	fakesListen, fakesIMAP     string
	fakesHooks, fakesBrand     string
	played                     *theatre     // the platforms of a demonstration
	demoBrand                  *brand.Brand // on them
}

// oidcConfig is who signs people in; without Issuer the console has no
// accounts and answers on loopback only.
type oidcConfig struct {
	Issuer       string
	ClientID     string `split_words:"true"`
	ClientSecret string `split_words:"true" json:"-"`
	// Claim of the id token carries groups or roles; Roles say what each gives,
	// group:role or group:brand/role, by comma.
	Claim  string `default:"groups"`
	Roles  map[string]string
	Scopes []string      // asked for beside openid, profile and email
	Term   time.Duration `default:"12h"` // of a session
}

// llmConfig is the language model.
type llmConfig struct {
	llm.Env
	Key string `json:"-"`
}

// listFlag is a flag that may be given several times.
type listFlag struct{ to *[]string }

func (l listFlag) String() string {
	if l.to == nil {
		return ""
	}
	return strings.Join(*l.to, ",")
}

func (l listFlag) Set(s string) error {
	*l.to = append(*l.to, strings.Split(s, ",")...)
	return nil
}

// flags returns the flags of a command, their defaults what the environment says.
func (a *app) flags(c command) *flag.FlagSet {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(a.err)
	fs.Usage = func() {
		fmt.Fprintf(a.err, "usage: onebox %s [flags] %s\n%s\n", c.name, c.args, c.help)
		fs.PrintDefaults()
	}
	fs.Var(listFlag{&a.Brand}, "brand", "brand `file`; may be repeated (default: the sample brand)")
	in := func(names ...string) bool {
		for _, n := range names {
			if n == c.name {
				return true
			}
		}
		return false
	}
	if in("serve", "demo") {
		fs.StringVar(&a.Listen, "listen", a.Listen, "`address` of the console and API")
		fs.StringVar(&a.SMTP, "smtp", a.SMTP, "`address` of the mail intake, empty for none")
	}
	if in("fakes") {
		fs.StringVar(&a.fakesListen, "listen", "127.0.0.1:8090", "`address` to play the platforms on")
		fs.StringVar(&a.fakesIMAP, "imap", "127.0.0.1:8143", "`address` to play a mailbox on")
		fs.StringVar(&a.fakesHooks, "hooks", "http://127.0.0.1:8080", "`address` of the responder, for the platforms that call it; empty for none")
		fs.StringVar(&a.fakesBrand, "brand-file", "", "write the sample brand, on the fakes, to this `file`")
	}
	if in("serve", "import", "export", "token", "corrections", "recount", "privacy") {
		fs.StringVar(&a.Data, "data", a.Data, "data `folder`")
	}
	if in("triage", "draft", "check", "eval") {
		fs.BoolVar(&a.jsonl, "jsonl", false, "one line of JSON per input")
	}
	if in("draft", "check") {
		fs.StringVar(&a.sign, "sign", a.Agent, "first `name` or alias that signs")
		fs.StringVar(&a.now, "now", "", "`time` that drafts count their dates from, RFC 3339 (default: now)")
	}
	if in("import") {
		fs.BoolVar(&a.history, "history", false, "store and tally only: no drafts, no webhooks")
		fs.BoolVar(&a.noProgress, "no-progress", false, "no progress bar")
		fs.StringVar(&a.mapping, "map", "", "CSV columns, as `text=Bericht,author=Naam`")
	}
	if in("eval") {
		fs.StringVar(&a.compare, "compare", "", "JSON report of another version, to compare with (a `file`)")
		fs.StringVar(&a.report, "out", "", "write the report as JSON to this `file`")
	}
	if in("token") {
		fs.StringVar(&a.scope, "role", "integration", "`role`: integration or marketing")
	}
	return fs
}
