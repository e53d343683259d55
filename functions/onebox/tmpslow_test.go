package main

import (
	"fmt"
	"testing"
	"time"
)

func BenchmarkTmp(b *testing.B) {
	for i, slow := range []bool{true, false, true, false} {
		began := time.Now()
		l := deliverMany(b, slow)
		fmt.Println(i, slow, "p50", l[len(l)/2], "p90", l[len(l)*9/10], "p99", l[len(l)*99/100], "took", time.Since(began))
	}
}
