package aws_test

import (
	"crypto/rand"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// emulators returns the addresses of DynamoDB Local and an S3 emulator. A run
// that must not pass without them looks for "needs emulator:" in the output.
func emulators(t testing.TB) (dynamodb, s3 string) {
	t.Helper()
	dynamodb, s3 = os.Getenv("WEBCARE_TEST_DYNAMODB"), os.Getenv("WEBCARE_TEST_S3")
	if dynamodb == "" || s3 == "" {
		t.Skip(`needs emulator: eval "$(infra/emulators start)" starts DynamoDB Local and S3 on this machine`)
	}
	return dynamodb, s3
}

// config is that of an empty store of its own. Calls may take long: emulators
// share a machine with all else that is tested.
func config(t testing.TB) aws.Config {
	dynamodb, s3 := emulators(t)
	name := "test-" + strings.ToLower(rand.Text())
	sdk := aws.SDKWith("eu-west-1", name[5:25], "local", "")
	sdk.HTTPClient = awshttp.NewBuildableClient().WithTimeout(2 * time.Minute)
	sdk.Retryer = patient
	return aws.Config{Table: name, Bucket: name, SDK: sdk,
		DynamoDB: dynamodb, S3: s3, Settle: -1, Now: time.Now}
}

// patient repeats without the bound on retries of a whole client, which the
// faults of a test would exhaust.
func patient() awssdk.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts, o.MaxBackoff, o.RateLimiter = 20, 5*time.Millisecond, ratelimit.None
	})
}

func open(t testing.TB, cfg aws.Config) *aws.Store {
	t.Helper()
	s := aws.Open(cfg)
	if err := s.CreateQuietTable(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.DropTable(); err != nil {
			t.Error(err)
		}
	})
	if err := s.CreateBucket(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPorts holds the adapter to the contracts, on DynamoDB Local and an S3 emulator.
func TestPorts(t *testing.T) {
	emulators(t)
	porttest.Run(t, func(t *testing.T) porttest.Opened {
		cfg := config(t)
		return porttest.Opened{Ports: open(t, cfg).Ports(), Crash: func(*testing.T) webcare.Ports {
			return aws.Open(cfg).Ports() // what a killed function leaves is in the table
		}}
	})
}
