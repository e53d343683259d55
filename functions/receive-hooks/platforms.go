package main

import (
	"context"
	"net/http"

	"webcare.example/responder/internal/aws/channels"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/console/hook"
	"webcare.example/responder/internal/receive"
)

// platforms answers the webhooks of platforms, with the secrets of now.
func platforms(w *run.Wired, r *receive.Receiver, opened *channels.Opened) http.Handler {
	return http.HandlerFunc(func(res http.ResponseWriter, req *http.Request) {
		set, _ := opened.Set()
		p := &hook.Platforms{Hooks: set.Hooks, Now: w.Now, Log: w.Log, Intake: &channel.Intake{Store: w.Store, Names: set.Names, Now: w.Now, Log: w.Log,
			Deliver: func(ctx context.Context, it channel.Item) error {
				_, err := r.Receive(ctx, receive.Item{Message: it.Message, Raw: it.Raw, Files: it.Files, Parents: it.Parents, Claims: it.Claims})
				return err
			}}}
		p.ServeHTTP(res, req)
	})
}
