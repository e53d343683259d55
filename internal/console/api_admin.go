package console

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"webcare.example/responder/internal/webcare"
)

// registerAdmin adds dead letters: tasks that failed too often.
func (s *Server) registerAdmin(api huma.API) {
	type letters struct {
		Body struct {
			Tasks []webcare.Task `json:"tasks"`
			Next  string         `json:"next"`
		}
	}
	huma.Register(api, operation("dead-letters", http.MethodGet, "/dead-letters", "Tasks that failed too often"),
		reading(s, func(ctx context.Context, in *Paging) (*letters, error) {
			tasks, next, err := s.store.DeadLetters.Dead(ctx, in.Cursor, in.Limit)
			out := &letters{}
			out.Body.Tasks, out.Body.Next = list(tasks), next
			return out, err
		}))
	huma.Register(api, operation("replay", http.MethodPost, "/dead-letters/replay", "Try a dead letter again"),
		func(ctx context.Context, in *struct {
			Body struct {
				Task string `json:"task" minLength:"1" maxLength:"300"`
			}
		}) (*struct{}, error) {
			if err := userOf(ctx).mayDecide(); err != nil {
				return nil, s.problem(ctx, err)
			}
			if err := s.store.DeadLetters.Replay(ctx, in.Body.Task, s.cfg.Now()); err != nil {
				return nil, s.problem(ctx, err)
			}
			return nil, nil
		})
}
