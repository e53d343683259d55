// Package imap takes in mail from a mailbox, for brands that have no mail
// server of their own to hand it over: it asks what is new, downloads it, and
// leaves the mailbox as it was.
//
// # What to click
//
// Make a mailbox that takes the customers' mail, and a password for this
// program alone: at Google an app password (myaccount.google.com > Security >
// 2-Step Verification > App passwords; IMAP switched on under Gmail's
// Settings > Forwarding and POP/IMAP), elsewhere one of the mailbox itself. In
// the brand file:
//
//	channels:
//	  - name: email
//	    secrets: {imap: "env:WEBCARE_IMAP_PASSWORD"}
//	    settings:
//	      from: klantenservice@voorbeeld.nl     # what replies come from
//	      imap: imaps://imap.voorbeeld.nl       # port 993; imap:// is STARTTLS on 143
//	      imap_user: klantenservice@voorbeeld.nl   # default: from
//	      mailbox: INBOX                        # default
//	      since: 24h                            # default: how old mail may be at the very first look
//	      seen: "true"                          # mark what was taken as read; default: nothing is changed
//	      every: 1m                             # default
//	      auth_server: mx.google.com            # whose verdict on DMARC counts; default: that of WEBCARE_MAIL_AUTH_SERVER
//
// and WEBCARE_IMAP_PASSWORD in the environment. Microsoft 365 takes no
// passwords over IMAP: register an app (entra.microsoft.com > App
// registrations), give it the application permission IMAP.AccessAsApp of Office
// 365 Exchange Online with an administrator's consent, add its service
// principal to the mailbox (Add-MailboxPermission), and write
//
//	secrets: {oauth_secret: "env:WEBCARE_IMAP_OAUTH_SECRET"}
//	settings:
//	  imap: imaps://outlook.office365.com
//	  oauth_id: 11111111-2222-...           # application (client) id
//	  oauth_tokens: https://login.microsoftonline.com/TENANT/oauth2/v2.0/token
//	  oauth_scope: https://outlook.office365.com/.default
//
// # What it does
//
// The cursor is the mailbox's UIDVALIDITY and the last UID that was taken. UIDs
// only grow while UIDVALIDITY stands, so asking for those above misses nothing.
// Where UIDVALIDITY has changed, UIDs mean nothing any more: what came since a
// week before the newest mail taken is read again, and each mail is taken once
// by its Message-ID, or by a digest of what the sender wrote.
//
// Mails are read with BODY.PEEK, in pieces; a connection that is cut in the
// middle of a mail goes on after the last whole piece. A poll brings at most 50
// mails or 16 MB, and at least one mail. Of mails above 50 MB the beginning is
// taken, with a warning. A mail that the server will not hand out is asked for
// again for an hour, others go on meanwhile, and then a person is told to open
// it there.
//
// Nothing is ever deleted or moved. With seen, mails are marked as read once
// they are stored. The password leaves over TLS alone, except to a server on
// this machine.
//
// Start at Source.Poll. Formats: RFC 3501 (2.3.1.1 on UIDs), RFC 9051, RFC 8314
// (TLS), RFC 7628 and developers.google.com/workspace/gmail/imap/xoauth2-protocol
// (tokens), read by emersion/go-imap.
package imap
