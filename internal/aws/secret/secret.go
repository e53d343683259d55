// Package secret reads secrets from SSM Parameter Store (SecureString), once
// per process and again when they may have been rotated.
//
// It makes the one call it needs by hand. The SDK's client of SSM knows some
// 150 others, and would be a tenth of a function's size.
package secret

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"webcare.example/responder/internal/webcare"
)

// fresh is how long a secret is used before it is read again.
const fresh = 5 * time.Minute

// again is when a read that failed is tried again, while the value before is used.
const again = time.Minute

// Reader reads and keeps secrets. It is safe for concurrent use.
type Reader struct {
	cfg      awssdk.Config
	endpoint string
	signer   *v4.Signer
	now      func() time.Time
	mu       sync.Mutex
	kept     map[string]kept
}

type kept struct {
	value string
	read  time.Time
}

// New returns a reader; endpoint is an emulator's address, "" for SSM itself.
func New(cfg awssdk.Config, endpoint string, now func() time.Time) *Reader {
	if endpoint == "" {
		endpoint = "https://ssm." + cfg.Region + ".amazonaws.com"
	}
	return &Reader{cfg: cfg, endpoint: endpoint, signer: v4.NewSigner(), now: now, kept: map[string]kept{}}
}

// Get returns the parameter's value; "" for no name. While SSM does not answer,
// what was read before is used on.
func (r *Reader) Get(ctx context.Context, name string) (_ string, err error) {
	defer webcare.Wrap(&err, "secret %s", name)
	if name == "" {
		return "", nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	have, ok := r.kept[name]
	if ok && r.now().Sub(have.read) < fresh {
		return have.value, nil
	}
	value, err := r.read(ctx, name)
	if err != nil && ok {
		have.read = r.now().Add(again - fresh)
		r.kept[name] = have
		return have.value, nil
	}
	if err != nil {
		return "", err
	}
	r.kept[name] = kept{value, r.now()}
	return value, nil
}

// read tries a few times: a function without its secret cannot start.
func (r *Reader) read(ctx context.Context, name string) (value string, err error) {
	for try := range 3 {
		var more bool
		if value, more, err = r.call(ctx, name); err == nil || !more {
			return value, err
		}
		select {
		case <-ctx.Done():
			return "", err
		case <-time.After(100 * time.Millisecond << try):
		}
	}
	return "", err
}

// call makes GetParameter; again says that another try may help.
func (r *Reader) call(ctx context.Context, name string) (value string, again bool, err error) {
	body, err := json.Marshal(map[string]any{"Name": name, "WithDecryption": true})
	if err != nil {
		return "", false, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.endpoint+"/", bytes.NewReader(body))
	if err != nil {
		return "", false, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AmazonSSM.GetParameter")
	cred, err := r.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return "", false, err
	}
	if err := r.signer.SignHTTP(ctx, cred, req, webcare.Digest(body), "ssm", r.cfg.Region, r.now()); err != nil {
		return "", false, err
	}
	res, err := r.cfg.HTTPClient.Do(req)
	if err != nil {
		return "", true, webcare.Unavailablef("SSM does not answer")
	}
	defer res.Body.Close()
	return answer(res)
}

func answer(res *http.Response) (value string, again bool, err error) {
	b, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return "", true, webcare.Unavailablef("SSM's answer broke off")
	}
	var out struct {
		Type      string `json:"__type"`
		Parameter struct{ Value string }
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return "", true, webcare.Unavailablef("SSM answers %s with no JSON", res.Status)
	}
	switch {
	case res.StatusCode == http.StatusOK:
		return out.Parameter.Value, false, nil
	case strings.HasSuffix(out.Type, "ParameterNotFound"):
		return "", false, webcare.NotFoundf("no such parameter")
	case res.StatusCode >= 500 || strings.Contains(out.Type, "Throttl"):
		return "", true, webcare.Unavailablef("SSM: %s", out.Type)
	}
	return "", false, fmt.Errorf("SSM: %s", out.Type)
}
