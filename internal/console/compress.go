package console

import (
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

var gzips = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

func acceptsGzip(r *http.Request) bool {
	for enc := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(enc), ";")
		if name == "gzip" && strings.TrimSpace(weight) != "q=0" {
			return true
		}
	}
	return false
}

// compressed packs texts on their way out. Streams and files pack themselves
// or stay as they are.
func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !acceptsGzip(r) {
			next.ServeHTTP(w, r)
			return
		}
		p := &packing{ResponseWriter: w}
		defer p.end()
		next.ServeHTTP(p, r)
	})
}

// packing decides at the first byte whether the answer is worth packing.
type packing struct {
	http.ResponseWriter
	gz      *gzip.Writer
	decided bool
}

func (p *packing) WriteHeader(code int) {
	p.decide(code)
	p.ResponseWriter.WriteHeader(code)
}

func (p *packing) Write(b []byte) (int, error) {
	if !p.decided {
		if p.Header().Get("Content-Type") == "" {
			p.Header().Set("Content-Type", http.DetectContentType(b))
		}
		p.decide(http.StatusOK)
	}
	if p.gz != nil {
		return p.gz.Write(b)
	}
	return p.ResponseWriter.Write(b)
}

func (p *packing) decide(code int) {
	if p.decided || code < 200 {
		return
	}
	p.decided = true
	h := p.Header()
	kind := h.Get("Content-Type")
	text := strings.HasPrefix(kind, "text/html") || strings.HasPrefix(kind, "text/plain") || strings.Contains(kind, "json")
	if !text || h.Get("Content-Encoding") != "" || code == http.StatusNoContent || code == http.StatusNotModified {
		return
	}
	h.Set("Content-Encoding", "gzip")
	h.Add("Vary", "Accept-Encoding")
	h.Del("Content-Length")
	p.gz = gzips.Get().(*gzip.Writer)
	p.gz.Reset(p.ResponseWriter)
}

func (p *packing) end() {
	if p.gz != nil {
		_ = p.gz.Close() // a client that hung up needs no answer
		gzips.Put(p.gz)
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (p *packing) Unwrap() http.ResponseWriter { return p.ResponseWriter }
