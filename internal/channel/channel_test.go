package channel_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"webcare.example/responder/internal/channel"
)

func TestConcerns(t *testing.T) {
	f, err := os.Open("../../testdata/channel/bystanders.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var tc struct {
			Text     string `json:"text"`
			Concerns bool   `json:"concerns"`
		}
		if err := json.Unmarshal(lines.Bytes(), &tc); err != nil {
			t.Fatal(err)
		}
		if got := channel.Concerns(tc.Text, []string{"voorbeeld"}); got != tc.Concerns {
			t.Errorf("%q: %v", tc.Text, got)
		}
	}
}

func TestReadable(t *testing.T) {
	for in, want := range map[string]string{
		"<p>Eerste regel<br>tweede &amp; derde</p><p>Nieuwe alinea</p>": "Eerste regel\ntweede & derde\n\nNieuwe alinea",
		`<p><a href="https://x.example/lang"><span class="invisible">https://</span><span class="ellipsis">x.example/la</span><span class="invisible">ng</span></a> kapot</p>`: "x.example/la kapot",
		"<script>alert(1)</script>Tekst<style>p{}</style>": "Tekst",
		"<ul><li>een<li>twee</ul>":                         "een\ntwee",
		"geen html, 3 < 4":                                 "geen html, 3 < 4",
		"<b><i>open":                                       "open",
	} {
		if got := channel.Readable(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzReadable(f *testing.F) {
	f.Add("<p>a<br/>b</p>")
	f.Add("<span class=invisible><span>x</span>")
	f.Fuzz(func(t *testing.T, page string) {
		if out := channel.Readable(page); len(out) > 4*len(page)+16 {
			t.Errorf("%d bytes became %d", len(page), len(out))
		}
	})
}
