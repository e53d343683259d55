package console

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/console/hook"
	"webcare.example/responder/internal/receive"
	"webcare.example/responder/internal/review"
	"webcare.example/responder/internal/webcare"
	"webcare.example/responder/internal/webhook"
)

// Config is what the console is made of.
type Config struct {
	Store    webcare.Store
	Brands   *brand.Set
	Desk     *review.Desk
	Receiver *receive.Receiver
	Identify Identify
	// Hosts are the host names, with ports, that requests may name; any other
	// is refused (DNS rebinding).
	Hosts []string
	// HookSecrets verify POST /hooks/messages; with none the hook answers 404.
	HookSecrets []webhook.Secret
	// Courier delivers events to webhooks; its subscriptions are managed here.
	Courier *webhook.Courier
	// Ready reports whether the store takes work.
	Ready   func(context.Context) error
	Metrics http.Handler // nil for none
	// Feed announces changes to open pages; nil where they ask by the clock.
	Feed *Feed
	// DeskLinks checks the signed addresses of work orders; nil for none.
	DeskLinks DeskLinks
	// OIDC signs people in; nil on loopback without accounts.
	OIDC *OIDC
	// Channels are the public channels: their webhooks and their health.
	Channels Channels
	Version  string
	Now      func() time.Time
	Log      *slog.Logger
}

// Server is the console.
type Server struct {
	cfg     Config
	store   webcare.Store
	intake  *hook.Intake
	handler http.Handler
	limiter limiter
	pages   *pages
	assets  *assets
	zone    *time.Location // times on pages are the first brand's
	counts  counts
}

// New returns the console as a handler.
func New(cfg Config) (*Server, error) {
	s := &Server{cfg: cfg, store: cfg.Store}
	s.intake = &hook.Intake{Store: cfg.Store, Brands: cfg.Brands, Receiver: cfg.Receiver, Secrets: cfg.HookSecrets, Now: cfg.Now, Log: cfg.Log}
	var err error
	if s.pages, err = loadPages(); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	s.zone = time.UTC
	if b, err := cfg.Brands.Get(""); err == nil {
		if zone, err := time.LoadLocation(b.TimeZone); err == nil {
			s.zone = zone
		}
	}
	mux := http.NewServeMux()
	s.health(mux)
	s.intake.Register(mux)
	s.registerPlatforms(mux)
	s.registerAPI(mux)
	s.registerPages(mux)
	if err := s.registerInsightPages(mux); err != nil {
		return nil, err
	}
	if err := s.registerAdminPages(mux); err != nil {
		return nil, err
	}
	if err := s.registerChannelPages(mux); err != nil {
		return nil, err
	}
	cross := http.NewCrossOriginProtection()
	for _, p := range append(hook.PlatformPaths, hook.Paths...) {
		cross.AddInsecureBypassPattern(p)
	}
	s.handler = s.hosts(headers(compressed(cross.Handler(s.signedIn(mux)))))
	return s, nil
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// hosts refuses requests that name a host which is not ours.
func (s *Server) hosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(s.cfg.Hosts) > 0 && !slices.Contains(s.cfg.Hosts, strings.ToLower(r.Host)) {
			http.Error(w, "this console does not answer to the host name "+strings.ToValidUTF8(r.Host, "?"), http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// headers makes browsers distrust what they are given.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types webcare")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// open are the paths that need nobody signed in.
var open = []string{"/healthz", "/readyz", "/metrics", "/hooks/", "/assets/", "/desk/", "/signin", "/signedout"}

// signedIn finds out who is asking.
func (s *Server) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.ContainsFunc(open, func(p string) bool { return strings.HasPrefix(r.URL.Path, p) }) {
			next.ServeHTTP(w, r)
			return
		}
		u, err := s.identify(r)
		if errors.Is(err, errSignIn) && (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.URL.Path != "/live" && !strings.HasPrefix(r.URL.Path, "/api/") {
			http.Redirect(w, r, "/signin?to="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		if err != nil && status(err) >= http.StatusInternalServerError {
			s.fail(w, r, err)
			return
		}
		if err != nil {
			w.Header().Set("WWW-Authenticate", "Bearer")
			s.refuse(w, r)
			return
		}
		if u, err = s.scoped(r, u); err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, u)))
	})
}

// health answers machines that watch the program.
func (s *Server) health(mux *http.ServeMux) {
	text := func(w http.ResponseWriter, code int, body string) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body + "\n")) // a client that hung up needs no answer
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { text(w, http.StatusOK, "ok "+s.cfg.Version) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := s.cfg.Ready(ctx); err != nil {
			s.cfg.Log.WarnContext(ctx, "not ready", "err", err)
			text(w, http.StatusServiceUnavailable, "the store does not take work")
			return
		}
		text(w, http.StatusOK, "ready")
	})
	if s.cfg.Metrics != nil {
		mux.Handle("GET /metrics", s.cfg.Metrics)
	}
}

// SetHosts sets the host names that requests may name, once the port is known.
// Call it before serving.
func (s *Server) SetHosts(names []string) { s.cfg.Hosts = names }
