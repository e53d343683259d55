// Package meta takes in comments on Facebook pages and Instagram accounts by
// webhook, and answers them through the Graph API.
//
// # What to click
//
// At developers.facebook.com, an app of type Business: add Webhooks, and under
// App settings > Advanced require the app secret. Subscribe the object Page to
// the field feed and the object Instagram to the field comments, with the
// callback https://YOUR-HOST/hooks/meta and the verify token of your choice.
// Permissions: pages_show_list, pages_read_engagement,
// pages_read_user_content, pages_manage_engagement, pages_manage_metadata (to
// subscribe the page: POST /PAGE-ID/subscribed_apps?subscribed_fields=feed),
// pages_messaging (private replies); instagram_basic,
// instagram_manage_comments, instagram_manage_messages. Make a page token of a
// system user, which does not expire. In the brand file:
//
//	channels:
//	  - name: facebook
//	    secrets: {token: "env:WEBCARE_META_TOKEN", app_secret: "env:WEBCARE_META_SECRET", verify_token: "env:WEBCARE_META_VERIFY"}
//	    settings: {account_id: "1234567890"}    # of the page
//	  - name: instagram
//	    secrets: {token: "env:WEBCARE_META_TOKEN", app_secret: "env:WEBCARE_META_SECRET", verify_token: "env:WEBCARE_META_VERIFY"}
//	    settings: {account_id: "1784140000"}    # of the professional account
//
// # What it does
//
// Deliveries are verified over their raw bytes (X-Hub-Signature-256), come in
// batches, repeatedly and in any order; package channel's intake takes each
// comment once, and the newest edit. They are answered 200 only once stored, so
// Meta repeats what we miss, for 36 hours. Each first-level comment is a
// thread. Instagram tells of neither edits nor deletions.
//
// A comment may be answered publicly at any time, and privately once, within
// seven days. Graph has no idempotency key: before posting, and after an
// unknown outcome, the publisher looks for our reply under the comment (its
// text, by our account, not older than the comment answered); a second private
// reply is refused by Meta itself (10900). Of a reply with a private half both
// are posted or neither: one that Meta takes no private half of is refused
// before its public half stands. Hide takes a comment with personal data out of
// sight.
//
// Formats: developers.facebook.com/docs/graph-api/webhooks/getting-started,
// .../webhooks/reference/page/#feed, .../instagram-platform/webhooks,
// .../graph-api/reference/object/comments, .../ig-comment/replies,
// .../messenger-platform/discovery/private-replies,
// .../graph-api/guides/error-handling, .../graph-api/overview/rate-limiting.
package meta
