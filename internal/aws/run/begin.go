package run

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/kelseyhightower/envconfig"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/aws/secret"
	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// Base is the configuration of every function: WEBCARE_TABLE and so on.
type Base struct {
	Table  string `required:"true"`
	Bucket string `required:"true"`
}

// BrandFiles is the configuration of functions that ask the brand file.
type BrandFiles struct {
	// Brands are the keys of brand files in the bucket, by comma; none is the
	// sample brand.
	Brands []string
}

// Wired is an opened store with what goes with it.
type Wired struct {
	AWS   *aws.Store
	Store webcare.Store
	SDK   aws.Config
	Log   *slog.Logger
	Now   func() time.Time

	secrets *secret.Reader
}

// prefix begins the name of every variable.
const prefix = "webcare"

// Begin reads the environment into cfg, of which base is a part, and opens the
// store. Nothing is called yet. A wrong environment ends the process: Lambda
// shows the line and tries a new one.
func Begin(cfg any, base *Base) *Wired {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	if err := envconfig.Process(prefix, cfg); err != nil {
		log.Error("configuration", "err", err)
		os.Exit(2)
	}
	sdk := aws.ConfigFromEnv(base.Table, base.Bucket)
	s := aws.Open(sdk)
	return &Wired{AWS: s, Store: webcare.Store{Ports: s.Ports()}, SDK: sdk, Log: log, Now: time.Now,
		secrets: secret.New(sdk.SDK, os.Getenv("AWS_ENDPOINT_URL_SSM"), time.Now)}
}

// Must ends the process when its wiring failed.
func (w *Wired) Must(err error) {
	if err != nil {
		w.Log.Error("starting", "err", err)
		os.Exit(1)
	}
}

// Brands reads the brand files.
func (w *Wired) Brands(f BrandFiles) *brand.Set {
	var all []*brand.Brand
	for _, key := range f.Brands {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		text, err := w.AWS.Object(ctx, key)
		cancel()
		w.Must(err)
		b, err := brand.Load(bytes.NewReader(text), key)
		w.Must(err)
		all = append(all, b)
	}
	if len(all) == 0 {
		all = append(all, brand.Sample())
	}
	set, err := brand.NewSet(all...)
	w.Must(err)
	return set
}

// Sender is the address that a brand's replies come from on a channel: the
// configured one, else the brand file's.
func Sender(b *brand.Brand, channel, configured string) string {
	if configured != "" {
		return configured
	}
	ch, _ := b.Channel(channel)
	return ch.Settings["from"]
}

// Variables lists the environment variables of a configuration, and whether
// each is required: what template.yaml must set.
func Variables(cfg any) (map[string]bool, error) {
	var out bytes.Buffer
	err := envconfig.Usagef(prefix, cfg, &out, "{{range .}}{{usage_key .}} {{usage_required .}}\n{{end}}")
	if err != nil {
		return nil, err
	}
	vars := map[string]bool{}
	for line := range bytes.Lines(out.Bytes()) {
		var name, required string
		if n, _ := fmt.Sscan(string(line), &name, &required); n > 0 {
			vars[name] = required == "true"
		}
	}
	return vars, nil
}
