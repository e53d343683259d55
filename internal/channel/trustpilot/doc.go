// Package trustpilot takes in service reviews by webhook and replies to them.
//
// # What to click
//
// At businessapp.b2b.trustpilot.com: Integrations > Developers > APIs, make an
// application: its key and secret. Integrations > Webhooks: subscribe
// service-review-created, -updated and -deleted to
// https://trustpilot:PASSWORD@YOUR-HOST/hooks/trustpilot, with a password of
// your choice. In the brand file:
//
//	channels:
//	  - name: trustpilot
//	    secrets: {key: "env:WEBCARE_TRUSTPILOT_KEY", secret: "env:WEBCARE_TRUSTPILOT_SECRET", hook: "env:WEBCARE_TRUSTPILOT_HOOK"}
//	    settings: {business_unit: 46a..., business_user: 52f...}   # who replies
//
// # What it does
//
// Trustpilot signs nothing: the password in the address, sent as HTTP basic
// authentication, is what tells its deliveries apart. A review's stars count
// for sentiment. A review has one reply; a second call replaces the first, so
// repeating the same text is harmless, and reading the review (companyReply)
// tells whether it stands: the publisher is idempotent and findable. A reply
// that a colleague wrote there is never overwritten: it is refused, and a
// person looks. Trustpilot's webhook does not tell of colleagues' replies.
//
// Formats: developers.trustpilot.com/authentication,
// /service-reviews-api-(private), /webhooks.
package trustpilot
