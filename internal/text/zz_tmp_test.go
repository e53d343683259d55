package text

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

func TestLinguaTmp(t *testing.T) {
	f, _ := os.Open("/work/shared/data/language/lingua.jsonl")
	sc := bufio.NewScanner(f)
	n := map[string]map[string]int{}
	for sc.Scan() {
		var r struct{ Text, Lang, Kind string }
		json.Unmarshal(sc.Bytes(), &r)
		k := r.Lang + " " + r.Kind
		if n[k] == nil {
			n[k] = map[string]int{}
		}
		c, conf := Language(r.Text)
		n[k][c]++
		if r.Kind == "sentences" && c != r.Lang && os.Getenv("SHOW") == r.Lang {
			fmt.Println(c, conf, r.Text)
		}
	}
	for k, v := range n {
		fmt.Println(k, v)
	}
}

func TestFactsTmp(t *testing.T) {
	f, _ := os.Open("/work/shared/gold/dev.jsonl")
	sc := bufio.NewScanner(f)
	hit, all, sys := 0, 0, 0
	for sc.Scan() {
		var r struct {
			Text, Language string
			Facts          []string
		}
		json.Unmarshal(sc.Bytes(), &r)
		fs := Facts(r.Text, r.Language)
		sys += len(fs)
		var miss []string
		for _, g := range r.Facts {
			all++
			ok := false
			for _, f := range fs {
				if overlap(f.Text, g) {
					ok = true
				}
			}
			if ok {
				hit++
			} else {
				miss = append(miss, g)
			}
		}
		if os.Getenv("SHOW") != "" {
			fmt.Printf("%q\n  miss %q\n  have ", r.Text[:min(len(r.Text), 100)], miss)
			for _, f := range fs {
				fmt.Printf("%s=%q ", f.Kind, f.Text)
			}
			fmt.Println()
		}
	}
	fmt.Println("facts hit", hit, "of", all, "given", sys)
}

func overlap(a, b string) bool {
	return len(a) > 0 && len(b) > 0 && (contains(a, b) || contains(b, a))
}
func contains(a, b string) bool {
	for i := 0; i+len(b) <= len(a); i++ {
		if a[i:i+len(b)] == b {
			return true
		}
	}
	return false
}
