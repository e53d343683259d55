package run

import (
	"context"
	"sync"
	"time"
)

// secretTime bounds the reading of one secret.
const secretTime = 10 * time.Second

// Secret returns a parameter's value, "" for no name: read at first use, and
// again a few minutes later, so that a secret that was renewed counts without
// a deployment. Ask for it at each use. While it cannot be read again the value
// before is used on; where it never could, the process ends.
func (w *Wired) Secret(name string) string {
	ctx, cancel := context.WithTimeout(context.Background(), secretTime)
	defer cancel()
	text, err := w.secrets.Get(ctx, name)
	w.Must(err)
	return text
}

// Renewed returns what is made of a secret's present value: made at once, and
// made again when the secret was renewed. A value of which nothing can be made
// ends the process at the start; later it is logged, and what there was is used on.
func Renewed[T any](w *Wired, name string, f func(value string) (T, error)) func() T {
	used := w.Secret(name)
	made, err := f(used)
	w.Must(err)
	var mu sync.Mutex
	return func() T {
		mu.Lock()
		defer mu.Unlock()
		value := w.Secret(name)
		if value == used {
			return made
		}
		used = value
		if anew, err := f(value); err != nil {
			w.Log.Error("a secret that was renewed is of no use", "parameter", name, "err", err)
		} else {
			made = anew
		}
		return made
	}
}
