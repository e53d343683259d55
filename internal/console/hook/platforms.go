package hook

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/webcare"
)

// Platforms answers the webhooks of platforms, each at its own address. 200 is
// answered only once all that a delivery holds is stored, so that a platform
// repeats what we miss.
type Platforms struct {
	Hooks  map[string]channel.Hook // by name
	Intake *channel.Intake
	Now    func() time.Time
	Log    *slog.Logger
}

// PlatformPaths are the patterns that Register serves: the check a platform
// makes of the address, and its deliveries.
var PlatformPaths = []string{"GET /hooks/{platform}", "POST /hooks/{platform}"}

// Register serves the platforms' webhooks.
func (p *Platforms) Register(mux *http.ServeMux) {
	mux.HandleFunc(PlatformPaths[0], p.greet)
	mux.HandleFunc(PlatformPaths[1], p.deliver)
}

// ServeHTTP answers a request that one of PlatformPaths led to.
func (p *Platforms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		p.deliver(w, r)
		return
	}
	p.greet(w, r)
}

func (p *Platforms) greet(w http.ResponseWriter, r *http.Request) {
	h, ok := p.Hooks[r.PathValue("platform")]
	if !ok {
		Problem(w, http.StatusNotFound, "no such platform is connected")
		return
	}
	text, err := h.Greet(r)
	if err != nil {
		Problem(w, Status(err), err.Error())
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text) // a client that hung up needs no answer
}

func (p *Platforms) deliver(w http.ResponseWriter, r *http.Request) {
	h, ok := p.Hooks[r.PathValue("platform")]
	if !ok {
		Problem(w, http.StatusNotFound, "no such platform is connected")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBytes))
	if err != nil {
		Problem(w, http.StatusRequestEntityTooLarge, "a delivery may have at most 1 MiB")
		return
	}
	items, err := h.Decode(r.Header, body)
	if err == nil {
		err = p.take(r, items)
	}
	switch {
	case err == nil:
		JSON(w, http.StatusOK, map[string]int{"taken": len(items)})
	case errors.Is(err, webcare.ErrForbidden):
		p.Log.WarnContext(r.Context(), "a delivery that is not the platform's", "platform", r.PathValue("platform"), "err", err)
		Problem(w, http.StatusForbidden, "the signature is not valid")
	default:
		p.Log.ErrorContext(r.Context(), "a delivery that was not taken", "platform", r.PathValue("platform"), "err", err)
		Problem(w, Status(err), "the delivery was not taken")
	}
}

// take stores the items and notes which channels they came by.
func (p *Platforms) take(r *http.Request, items []channel.Item) error {
	type line struct{ brand, channel string }
	taken := map[line][]webcare.Message{}
	for _, it := range items {
		l := line{it.Message.Brand, it.Message.Key.Channel}
		ok, err := p.Intake.Take(r.Context(), it)
		if err != nil {
			return err
		}
		if ok {
			taken[l] = append(taken[l], it.Message)
		} else if taken[l] == nil {
			taken[l] = []webcare.Message{}
		}
	}
	for l, ms := range taken {
		if err := p.Intake.Again(r.Context(), l.brand, l.channel); err != nil {
			return err
		}
		if err := channel.Note(r.Context(), p.Intake.Store.Records, l.brand, l.channel, ms, nil, p.Now()); err != nil {
			return err
		}
	}
	return nil
}
