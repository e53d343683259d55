// Package console is the HTTP side of the responder: the pages where people
// approve drafts, the JSON API that can do the same, the signed hooks by which
// messages come in, health and metrics. One http.Handler serves them all, on a
// laptop and behind a function URL alike.
//
// # A tour
//
//   - server.go: New, routes, and the checks every request passes.
//   - identity.go, session.go, oidc.go: who is asking, and what their role may do.
//   - view.go: the JSON shapes of the public API.
//   - api*.go: the API, by huma, described at /api/openapi.json.
//   - problem.go: the one place where error kinds become statuses.
//   - hooks.go: POST /hooks/messages.
//   - pages*.go, templates: html/template pages that work without scripts. The
//     queue, the case, its steps, what is done to many cases at once.
//   - marks.go, customer.go, preview.go, diff.go: what a case page shows beside
//     the texts: evidence, history, the reply as its channel will show it, changes.
//   - insights_*.go: figures, charts, and the cases that a figure is made of.
//   - counts.go, rows.go: what is remembered so that a queue of a million cases
//     costs no more than one of a hundred.
//   - live.go: what changes is announced to open pages; assets/*.js listen.
//   - words*.go, show.go: the interface in Dutch and English, with what the guard
//     finds and why a step stops; times and clocks.
//   - assets.go, compress.go: little is sent, and kept by the browser.
//
// Nothing here decides: package review does.
package console
