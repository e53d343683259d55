package brand

import (
	"bytes"
	_ "embed"
	"sync"
)

//go:embed sample/voorbeeld.yaml
var sampleFile []byte

// Sample returns the sample brand in Dutch and English, so that everything
// runs before anything is configured. It panics on a machine without time
// zones; programs import time/tzdata.
var Sample = sync.OnceValue(func() *Brand {
	b, err := Load(bytes.NewReader(sampleFile), "voorbeeld.yaml")
	if err != nil {
		panic("brand: the embedded sample: " + err.Error())
	}
	return b
})

// SampleFile returns the text of the sample brand file, to start one's own from.
func SampleFile() []byte { return bytes.Clone(sampleFile) }
