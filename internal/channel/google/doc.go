// Package google reads reviews of one location of a Google Business Profile,
// and replies to them.
//
// # What to click
//
// Ask for access to the Business Profile APIs (developers.google.com/my-business/content/prereqs),
// enable "Google My Business API" in a Cloud project, make an OAuth client of
// type Desktop, and sign in once as an owner or manager of the profile with the
// scope https://www.googleapis.com/auth/business.manage for a refresh token. In
// the brand file:
//
//	channels:
//	  - name: google
//	    secrets: {client_id: "env:WEBCARE_GOOGLE_CLIENT", client_secret: "env:WEBCARE_GOOGLE_SECRET", refresh_token: "env:WEBCARE_GOOGLE_TOKEN"}
//	    settings: {location: accounts/123/locations/456}
//
// # What it does
//
// Reviews are listed by the time of their last change, newest first; an edited
// review is a revision, and its stars count for sentiment. A review has one
// reply. Google may hold it for review (PENDING: the outcome is pending) and
// reject it later: the next polls see that among the newest fifty reviews and
// put the case before a person. A reply that a colleague wrote in the profile
// answers the case and is never overwritten. Setting the same reply again
// changes nothing, and reading the review tells whether it stands: the
// publisher is idempotent and findable.
//
// Formats: developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews
// (list, get, updateReply), developers.google.com/identity/protocols/oauth2/native-app#offline.
package google
