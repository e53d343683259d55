package mail

import (
	"regexp"
	"sync"
)

// lazily compiles an expression when it is first used: a function that only
// sends mail, or starts for one request, does not pay for all of them.
func lazily(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
