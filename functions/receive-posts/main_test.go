package main

import (
	"testing"

	"webcare.example/responder/internal/aws/templatetest"
)

func TestTemplate(t *testing.T) { templatetest.Check(t, "ReceivePosts", &config{}) }
