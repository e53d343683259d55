package porttest_test

import (
	"testing"

	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

func TestMemory(t *testing.T) {
	porttest.Run(t, func(*testing.T) porttest.Opened {
		m := porttest.NewMemory()
		return porttest.Opened{Ports: m.Ports(), Crash: func(*testing.T) webcare.Ports { return m.Ports() }}
	})
}
