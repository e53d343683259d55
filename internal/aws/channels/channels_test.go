package channels_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"webcare.example/responder/internal/aws"
	"webcare.example/responder/internal/aws/channels"
	"webcare.example/responder/internal/aws/run"
	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/channel"
	"webcare.example/responder/internal/porttest"
	"webcare.example/responder/internal/webcare"
)

// TestSet: channels are connected with the parameters that the brand file
// names, read again after ten minutes; the console learns from the store which
// are connected and what the others lack.
func TestSet(t *testing.T) {
	there := atomic.Bool{}
	ssm := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Name string }
		_ = json.NewDecoder(r.Body).Decode(&in)
		if in.Name == "/webcare/channels/mastodon" && there.Load() {
			fmt.Fprint(w, `{"Parameter":{"Value":"token-1"}}`)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"__type":"ParameterNotFound"}`)
	}))
	defer ssm.Close()
	t.Setenv("AWS_ENDPOINT_URL_SSM", ssm.URL)
	b := *brand.Sample()
	b.Channels = []brand.Channel{{Name: "mastodon", Kind: "mastodon", Secrets: map[string]string{"token": "ssm:/webcare/channels/mastodon"}, Settings: map[string]string{"server": "https://mastodon.example"}},
		{Name: "bluesky", Kind: "bluesky", Secrets: map[string]string{"password": "env:HERE"}, Settings: map[string]string{"handle": "voorbeeld.nl"}},
		{Name: "feed", Kind: "feed", Settings: map[string]string{"feeds": "https://krant.example/rss"}}, {Name: "forum", Kind: "forum"}, {Name: "email", Kind: "email"}}
	brands, err := brand.NewSet(&b)
	if err != nil {
		t.Fatal(err)
	}
	now := porttest.Start
	store := porttest.NewMemory().Store()
	w := &run.Wired{Store: store, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now },
		SDK: aws.Config{SDK: awssdk.Config{Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), HTTPClient: http.DefaultClient}}}
	opened := channels.New(w, brands, nil)
	states := func() map[string]string {
		t.Helper()
		set, _ := opened.Set()
		if err := set.Tell(t.Context(), store.Records, now); err != nil {
			t.Fatal(err)
		}
		all, err := channel.HealthOfAll(t.Context(), store.Records, brands, now)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, h := range all {
			posts, err := channel.Posts(t.Context(), store.Records, h.Brand, h.Channel, now)
			if err != nil {
				t.Fatal(err)
			}
			out[h.Channel] = fmt.Sprint(h.State, " ", posts)
		}
		return out
	}
	want := map[string]string{"mastodon": "not connected false", "bluesky": "not connected false", "feed": "waiting false", "forum": "by hand false"}
	if got := states(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v", got)
	}
	there.Store(true)
	now = now.Add(9 * time.Minute)
	if _, anew := opened.Set(); anew {
		t.Error("opened again too soon")
	}
	now = now.Add(2 * time.Minute)
	want["mastodon"] = "waiting true"
	if got := states(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v", got)
	}
	set, _ := opened.Set()
	if _, ok := set.Publisher(b.ID, "mastodon"); !ok {
		t.Error("no publisher")
	}
	there.Store(false) // withdrawn: what was read before is used while SSM does not answer, and left when it says so
	now = now.Add(11 * time.Minute)
	if set, _ := opened.Set(); len(set.Lines) == 0 {
		t.Error("nothing is connected any more")
	}
	if _, err := store.Records.Get(t.Context(), "channel-poll", b.ID+"/forum", now); err == nil {
		t.Error("a channel that a person reads has a record", webcare.ErrNotFound)
	}
}
