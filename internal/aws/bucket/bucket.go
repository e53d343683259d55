// Package bucket stores and reads the objects of one S3 bucket.
//
// It makes the six calls that are needed by hand, signed and repeated with the
// SDK's own signer and retryer. The SDK's client of S3 knows a hundred others;
// in a program with templates, which find methods by name, the linker keeps them
// all, and they were a fifth of the console.
//
// Start at Open, then Bucket.Put.
package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/encoding/httpbinding"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
)

// timeout is of one call that carries a body of any size.
const timeout = time.Minute

// maxError is how much of a refusal's body is read.
const maxError = 64 << 10

// Bucket is one bucket. It is safe for concurrent use.
type Bucket struct {
	cfg    awssdk.Config
	base   string // address of the bucket
	region string
	client awssdk.HTTPClient
	retry  awssdk.Retryer
	signer *v4.Signer
}

// Open makes the client and calls nothing; endpoint is an emulator's address,
// "" for S3 itself.
func Open(cfg awssdk.Config, endpoint, name string) *Bucket {
	b := &Bucket{cfg: cfg, region: cfg.Region, client: cfg.HTTPClient, base: "https://" + name + ".s3." + cfg.Region + ".amazonaws.com"}
	if endpoint != "" {
		b.base = strings.TrimSuffix(endpoint, "/") + "/" + name
	}
	if c, ok := cfg.HTTPClient.(*awshttp.BuildableClient); ok { // its time is meant for calls without bodies
		b.client = c.WithTimeout(timeout)
	}
	b.retry = cfg.Retryer()
	b.signer = v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	return b
}

// call is one request, to be made again until it is answered.
type call struct {
	method string
	key    string // "" for the bucket itself
	query  url.Values
	header map[string]string
	body   io.ReadSeeker // nil for none
	size   int64
	digest string // of the body
}

// answer is what came of a call.
type answer struct {
	header http.Header
	body   []byte
}

// Put stores an object. absent: ErrorCode PreconditionFailed where one stands
// under the key. meta is the object's own metadata. The body's digest is part of
// the signature: S3 refuses other bytes.
func (b *Bucket) Put(ctx context.Context, key string, body io.ReadSeeker, absent bool, meta map[string]string) error {
	c := call{method: http.MethodPut, key: key, body: body, header: map[string]string{}}
	if absent {
		c.header["If-None-Match"] = "*"
	}
	for k, v := range meta {
		c.header["X-Amz-Meta-"+k] = v
	}
	digest := sha256.New()
	var err error
	if c.size, err = io.Copy(digest, body); err != nil {
		return err
	}
	c.digest = hex.EncodeToString(digest.Sum(nil))
	_, err = b.do(ctx, c)
	return err
}

// Get returns an object's bytes: ErrorCode NoSuchKey if there is none.
func (b *Bucket) Get(ctx context.Context, key string) ([]byte, error) {
	a, err := b.do(ctx, call{method: http.MethodGet, key: key})
	return a.body, err
}

// Range returns n of an object's bytes from off on, fewer at its end.
func (b *Bucket) Range(ctx context.Context, key string, off, n int64) ([]byte, error) {
	a, err := b.do(ctx, call{method: http.MethodGet, key: key, header: map[string]string{"Range": fmt.Sprintf("bytes=%d-%d", off, off+n-1)}})
	return a.body, err
}

// Head returns an object's size and one of its own metadata: ErrorCode NotFound
// if there is none.
func (b *Bucket) Head(ctx context.Context, key, meta string) (size int64, value string, err error) {
	a, err := b.do(ctx, call{method: http.MethodHead, key: key})
	if err != nil {
		return 0, "", err
	}
	size, err = strconv.ParseInt(a.header.Get("Content-Length"), 10, 64)
	return size, a.header.Get("X-Amz-Meta-" + meta), err
}

// Delete removes an object; a missing one is no error.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	_, err := b.do(ctx, call{method: http.MethodDelete, key: key})
	return err
}

// List returns up to n keys with the prefix, in order, above after, and whether
// more follow.
func (b *Bucket) List(ctx context.Context, prefix, after string, n int) (keys []string, more bool, err error) {
	q := url.Values{"list-type": {"2"}, "prefix": {prefix}, "max-keys": {strconv.Itoa(n)}}
	if after != "" {
		q.Set("start-after", after)
	}
	a, err := b.do(ctx, call{method: http.MethodGet, query: q})
	if err != nil {
		return nil, false, err
	}
	var out struct {
		Contents []struct {
			Key string `xml:"Key"`
		} `xml:"Contents"`
		IsTruncated bool `xml:"IsTruncated"`
	}
	if err := xml.Unmarshal(a.body, &out); err != nil {
		return nil, false, fmt.Errorf("list of %s: %w", prefix, err)
	}
	for _, c := range out.Contents {
		keys = append(keys, c.Key)
	}
	return keys, out.IsTruncated, nil
}

// Create makes the bucket; where AWS runs, the template does.
func (b *Bucket) Create(ctx context.Context) error {
	body := `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>` + b.region +
		`</LocationConstraint></CreateBucketConfiguration>`
	sum := sha256.Sum256([]byte(body))
	_, err := b.do(ctx, call{method: http.MethodPut, body: strings.NewReader(body), size: int64(len(body)), digest: hex.EncodeToString(sum[:])})
	return err
}

// do makes a call until it is answered for good.
func (b *Bucket) do(ctx context.Context, c call) (answer, error) {
	for attempt := 1; ; attempt++ {
		a, err := b.once(ctx, c)
		if err == nil || ctx.Err() != nil || attempt >= b.retry.MaxAttempts() || !b.retry.IsErrorRetryable(err) {
			return a, err
		}
		wait, delayed := b.retry.RetryDelay(attempt, err)
		if delayed != nil {
			return a, err
		}
		select {
		case <-ctx.Done():
			return a, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// emptyDigest is the SHA-256 of no bytes.
const emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// once signs and makes one request, and reads its answer whole.
func (b *Bucket) once(ctx context.Context, c call) (a answer, err error) {
	req, digest, err := b.request(ctx, c)
	if err != nil {
		return a, err
	}
	cred, err := b.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return a, err
	}
	if err := b.signer.SignHTTP(ctx, cred, req, digest, "s3", b.region, time.Now()); err != nil {
		return a, err
	}
	res, err := b.client.Do(req)
	if err != nil {
		return a, &brokenError{err}
	}
	defer res.Body.Close()
	a.header = res.Header
	if res.StatusCode >= http.StatusMultipleChoices {
		return a, refusal(c.method, res)
	}
	if c.method == http.MethodGet {
		if a.body, err = read(res); err != nil {
			return a, &brokenError{err}
		}
	}
	return a, nil
}

func (b *Bucket) request(ctx context.Context, c call) (*http.Request, string, error) {
	u, err := url.Parse(b.base)
	if err != nil {
		return nil, "", err
	}
	if c.key != "" {
		u.Path, u.RawPath = u.Path+"/"+c.key, httpbinding.EscapePath(u.Path+"/"+c.key, false)
	} else {
		u.Path += "/"
	}
	u.RawQuery = strings.ReplaceAll(c.query.Encode(), "+", "%20")
	digest := emptyDigest
	req, err := http.NewRequestWithContext(ctx, c.method, u.String(), nil)
	if err != nil {
		return nil, "", err
	}
	req.URL = u
	if c.body != nil {
		if _, err := c.body.Seek(0, io.SeekStart); err != nil {
			return nil, "", err
		}
		digest, req.ContentLength = c.digest, c.size
		if c.size > 0 {
			req.Body = io.NopCloser(c.body)
		}
	}
	for k, v := range c.header {
		req.Header.Set(k, v)
	}
	req.Header.Set("X-Amz-Content-Sha256", digest)
	return req, digest, nil
}

// read reads a body into what its length says.
func read(res *http.Response) ([]byte, error) {
	if res.ContentLength < 0 {
		return io.ReadAll(res.Body)
	}
	var out bytes.Buffer
	out.Grow(int(res.ContentLength) + bytes.MinRead)
	if _, err := out.ReadFrom(res.Body); err != nil {
		return nil, err
	}
	if int64(out.Len()) != res.ContentLength {
		return nil, io.ErrUnexpectedEOF
	}
	return out.Bytes(), nil
}
