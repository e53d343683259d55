// Package console is the HTTP side of the responder: the pages where people
// approve drafts, the JSON API that can do the same, the signed hooks by which
// messages come in, health and metrics. One http.Handler serves them all, on a
// laptop and behind a function URL alike.
//
// # A tour
//
//   - server.go: New, routes, and the checks every request passes.
//   - identity.go: who is asking, and what their role may do.
//   - view.go: the JSON shapes of the public API.
//   - api*.go: the API, by huma, described at /api/openapi.json.
//   - problem.go: the one place where error kinds become statuses.
//   - hooks.go: POST /hooks/messages.
//   - pages*.go, templates, assets: html/template pages that work without scripts.
//
// Nothing here decides: package review does.
package console
