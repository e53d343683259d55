package llm

import (
	"testing"
	"time"
)

func TestNoAddressNoModel(t *testing.T) {
	c, err := Env{Model: "gpt-4o-mini", Type: OpenAI, Timeout: time.Second}.Client("secret", Outside{})
	if c != nil || err != nil {
		t.Errorf("a model without an address: %v, %v", c, err)
	}
	if c, err = (Env{BaseURL: "https://llm.example/v1", Model: "m", Type: OpenAI}).Client("secret", Outside{Now: time.Now}); c == nil || err != nil {
		t.Errorf("a model with an address: %v, %v", c, err)
	}
	if _, err = (Env{BaseURL: "ftp://llm.example", Model: "m"}).Client("", Outside{}); err == nil {
		t.Error("an address that cannot be called was taken")
	}
}
