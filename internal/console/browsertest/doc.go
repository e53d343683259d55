// Package browsertest drives the real program with a real browser: what a
// person sees and does, not what a handler answers.
//
// The tests build functions/onebox, run it on a folder of their own, feed it
// messages through its signed hook, and work in Chromium by keyboard, mouse or
// without scripts. They need chromium on the path (Debian: apt-get install
// chromium) and, for the accessibility test, axe-core in .tools/axe/axe.min.js;
// where one is missing they skip, saying what to install.
//
//   - program_test.go: the program, started and killed.
//   - browser_test.go: the browser, its pages, what to wait for.
//   - provider_test.go: a small OpenID Connect provider, for two people at once.
package browsertest
