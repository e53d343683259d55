package main

import (
	"context"
	"os"
	"strings"

	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/aws/secret"
	"webcare.example/responder/internal/webcare"
)

// parameter reads what a brand file names "ssm:/path"; other references are
// not set here.
func parameter(w *run.Wired) func(ref string) (string, error) {
	r := secret.New(w.SDK.SDK, os.Getenv("AWS_ENDPOINT_URL_SSM"), w.Now)
	return func(ref string) (string, error) {
		path, ok := strings.CutPrefix(ref, "ssm:")
		if !ok {
			return "", webcare.NotFoundf("%s: name a parameter (ssm:/path)", ref)
		}
		return r.Get(context.Background(), path)
	}
}
