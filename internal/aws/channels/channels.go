// Package channels connects the public channels for functions on AWS: secrets
// are parameters of SSM ("ssm:/webcare/channels/NAME" in the brand file), read
// when a function starts and again every ten minutes, so that one that was
// renewed counts without a deployment.
//
// Start at New and Opened.Set.
package channels

import (
	"context"
	"os"
	"strings"
	"sync"
	"time"

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/aws/secret"
	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel/connect"
	"webcare.example/responder/internal/channel/mail"
	"webcare.example/responder/internal/webcare"
)

// fresh is how long an opened set is used.
const fresh = 10 * time.Minute

// Opened are the channels of a function's brands. It is safe for concurrent use.
type Opened struct {
	w      *run.Wired
	brands *brand.Set
	env    connect.Env

	mu  sync.Mutex
	set *connect.Set
	at  time.Time
}

// New opens the channels; a wrong setting ends the process. mail says how a
// brand's mail is read, nil where no mailbox is polled.
func New(w *run.Wired, brands *brand.Set, read func(*brand.Brand) mail.Options) *Opened {
	o := &Opened{w: w, brands: brands}
	o.env = connect.Env{Records: w.Store.Records, Secret: parameters(w), Mail: read, Now: w.Now}
	set, err := connect.Open(brands, o.env)
	w.Must(err)
	o.set, o.at = set, w.Now()
	return o
}

// Set returns the channels, and whether they were opened since they were asked
// for last. Where they cannot be opened again the ones before are used on.
func (o *Opened) Set() (set *connect.Set, anew bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.w.Now().Sub(o.at) < fresh {
		return o.set, false
	}
	o.at = o.w.Now()
	set, err := connect.Open(o.brands, o.env)
	if err != nil {
		o.w.Log.Error("opening the channels again", "err", err)
		return o.set, false
	}
	o.set = set
	return set, true
}

// parameters reads what a brand file names "ssm:/path"; other references are
// not set here.
func parameters(w *run.Wired) func(ref string) (string, error) {
	r := secret.New(w.SDK.SDK, os.Getenv("AWS_ENDPOINT_URL_SSM"), w.Now)
	return func(ref string) (string, error) {
		path, ok := strings.CutPrefix(ref, "ssm:")
		if !ok {
			return "", webcare.NotFoundf("%s: name a parameter (ssm:/path)", ref)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return r.Get(ctx, path)
	}
}
