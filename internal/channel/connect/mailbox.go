package connect

import (
	"cmp"
	"fmt"
	"time"

	"webcare.example/responder/internal/channel/imap"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/webcare"
)

// mail polls a mailbox where the brand file names one. Replies leave by other
// parts of the program, and so does mail that is handed over by SMTP or SES.
func (x *one) mail() error {
	if x.c.Settings["imap"] == "" {
		return nil
	}
	server, err := imap.ParseServer(x.c.Settings["imap"])
	if err != nil {
		return fmt.Errorf("settings.imap: %w", err)
	}
	server.User = x.setting("imap_user", x.c.Settings["from"], true)
	if x.c.Settings["oauth_id"] == "" {
		server.Password = x.secret("imap")
	} else if server.Tokens, err = x.tokens(); err != nil {
		return err
	}
	since, err := time.ParseDuration(x.setting("since", "24h", false))
	if err != nil || since < 0 || since > 366*24*time.Hour {
		return webcare.Invalidf("settings.since: %q is no time between 0h and a year, as 24h", x.c.Settings["since"])
	}
	seen := x.setting("seen", "false", false)
	if seen != "true" && seen != "false" {
		return webcare.Invalidf("settings.seen: %q is neither \"true\" nor \"false\"", seen)
	}
	read := mail.Options{Brand: x.b.ID}
	if x.env.Mail != nil {
		read = x.env.Mail(x.b)
	}
	read.AuthServer = x.setting("auth_server", read.AuthServer, false)
	for _, own := range []string{server.User, x.c.Settings["from"]} {
		if own != "" {
			read.Own = append(read.Own, own)
		}
	}
	return x.line(imap.Every, imap.NewSource(imap.Config{Server: server, Mailbox: cmp.Or(x.c.Settings["mailbox"], "INBOX"), Since: since, Seen: seen == "true", Read: read, Now: x.env.Now}), nil)
}

// tokens is how an app signs in, where passwords are not taken.
func (x *one) tokens() (*imap.Tokens, error) {
	address, err := x.server("oauth_tokens", "")
	return &imap.Tokens{URL: address, ID: x.setting("oauth_id", "", true), Secret: x.secret("oauth_secret"), Scope: x.setting("oauth_scope", "", true), HTTP: x.api}, err
}
