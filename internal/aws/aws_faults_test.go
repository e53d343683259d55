package aws_test

import (
	"testing"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// The contracts hold on a bad network too: answers lost after the call took
// effect, and calls refused because too many are made.
func TestPortsOnABadNetwork(t *testing.T) {
	emulators(t)
	w := &wire{lose: 0.15, throttle: 0.1}
	porttest.Run(t, func(t *testing.T) porttest.Opened {
		cfg := config(t)
		open(t, cfg)
		cfg = w.over(cfg)
		return porttest.Opened{Ports: aws.Open(cfg).Ports(), Big: 100, Crash: func(*testing.T) webcare.Ports {
			return aws.Open(cfg).Ports()
		}}
	})
	if w.lost < 100 || w.refused < 100 {
		t.Errorf("only %d answers were lost and %d calls refused", w.lost, w.refused)
	}
}
