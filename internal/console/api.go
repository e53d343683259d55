package console

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"webcare.example/responder/internal/webcare"
)

// MaxBodyBytes bounds the body of an API call.
const MaxBodyBytes = 1 << 20

// registerAPI adds /api/v1 and its description at /api/openapi.json.
func (s *Server) registerAPI(mux *http.ServeMux) {
	cfg := huma.DefaultConfig("Webcare responder", s.cfg.Version)
	cfg.OpenAPIPath = "/api/openapi"
	cfg.DocsPath, cfg.SchemasPath = "", "/api/schemas"
	cfg.CreateHooks = nil // no $schema member in bodies: it would be sent back as an unknown field
	cfg.Info.Description = guide
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer",
		Description: "A token of POST /api/v1/tokens. Tokens never approve. A console on loopback answers without one."}}
	calls := http.NewServeMux()
	api := humago.New(calls, cfg)
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		if wrong := wrongParam(ctx); wrong != "" {
			_ = huma.WriteErr(api, ctx, http.StatusUnprocessableEntity, wrong) // a client that hung up needs no answer
			return
		}
		next(ctx)
	})
	s.registerCases(api)
	s.registerSteps(api)
	s.registerLedger(api)
	s.registerAdmin(api)
	s.registerChannels(api)
	s.registerTokens(api)
	s.registerSources(api)
	s.registerWebhooks(api)
	s.registerDeliveries(api)
	s.registerExports(api)
	describe(api.OpenAPI())
	calls.HandleFunc("GET /api/schemas/events/{file}", eventSchema)
	h := s.limited(s.idempotent(known(calls)))
	for _, method := range strings.Fields("GET POST PUT PATCH DELETE OPTIONS TRACE") { // "/api/" alone would dispute "GET /"
		mux.Handle(method+" /api/", h)
	}
}

// wrongParam says what is wrong with a query parameter that the parser would
// let pass: one that is given without a value though it is no free text, and a
// truth that is spelled otherwise than JSON does ("0", "T").
func wrongParam(ctx huma.Context) string {
	u := ctx.URL()
	given := u.Query()
	for _, p := range ctx.Operation().Parameters {
		v := given[p.Name]
		if p.In != "query" || len(v) == 0 {
			continue
		}
		switch {
		case v[0] == "" && (p.Schema.Type != huma.TypeString || p.Schema.Format != "" || len(p.Schema.Enum) > 0):
			return p.Name + ": empty; leave it out instead"
		case p.Schema.Type == huma.TypeBoolean && v[0] != "true" && v[0] != "false":
			return p.Name + ": true or false"
		}
	}
	return ""
}

// operation describes a call; every call may answer the usual problems.
func operation(id, method, path, summary string) huma.Operation {
	op := huma.Operation{OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary, MaxBodyBytes: MaxBodyBytes, RejectUnknownQueryParameters: true,
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
			http.StatusInternalServerError, http.StatusServiceUnavailable}}
	if method == http.MethodPost || method == http.MethodPut {
		op.Errors = append(op.Errors, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	return op
}

// CasePath names a case in the path.
type CasePath struct {
	ID webcare.CaseID `path:"id" maxLength:"64" doc:"id of the case"`
}

// CaseBody answers with a case.
type CaseBody struct{ Body CaseView }

// reading runs f for those who may read cases.
func reading[I, O any](s *Server, f func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return allowed(s, ScopeReadCases, f)
}

// allowed runs f for those who have a scope.
func allowed[I, O any](s *Server, scope Scope, f func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		if err := userOf(ctx).may(scope); err != nil {
			return nil, s.problem(ctx, err)
		}
		out, err := f(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	}
}

// step registers a change of one case, for persons and, where it is one of
// tokenSteps, for tokens.
func step[I caseInput](s *Server, api huma.API, name, summary string, f func(ctx context.Context, u User, in I) (*webcare.Case, error)) {
	huma.Register(api, operation("case-"+name, http.MethodPost, "/cases/{id}/"+name, summary), func(ctx context.Context, in *struct {
		CasePath
		Body I
	}) (*CaseBody, error) {
		u := userOf(ctx)
		if err := u.mayStep(name); err != nil {
			return nil, s.problem(ctx, err)
		}
		ctx = context.WithValue(ctx, caseKey{}, in.ID)
		c, err := f(ctx, u, in.Body)
		if err != nil {
			return nil, s.conflict(ctx, in.ID, err)
		}
		return &CaseBody{s.caseView(c)}, nil
	})
}

type caseKey struct{}

func caseOf(ctx context.Context) webcare.CaseID {
	id, _ := ctx.Value(caseKey{}).(webcare.CaseID)
	return id
}

// caseInput is any body of a step.
type caseInput any
