package brand

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"webcare.example/responder/internal/webcare"
)

// belgian is the sample brand in Belgium: its holidays, none of them a working day.
func belgian(t testing.TB) *Brand {
	t.Helper()
	text := bytes.Replace(sampleFile, []byte("time_zone: Europe/Amsterdam"), []byte("time_zone: Europe/Brussels"), 1)
	text = bytes.Replace(text, []byte("calendars: [nl]\n  except: [Goede Vrijdag, Bevrijdingsdag]"), []byte("calendars: [be]"), 1)
	b, err := Load(bytes.NewReader(text), "merk.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestDueInBelgium: the same terms over other holidays.
func TestDueInBelgium(t *testing.T) {
	b := belgian(t)
	for _, c := range []struct{ term, now, want, why string }{
		{"1 working day", "2026-07-20 10:00", "2026-07-22 20:00", "the national holiday"},
		{"1 working day", "2026-11-10 10:00", "2026-11-12 20:00", "Armistice Day"},
		{"1 working day", "2027-10-29 10:00", "2027-11-02 20:00", "All Saints' Day on a Monday"},
		{"1 working day", "2027-04-26 10:00", "2027-04-27 20:00", "King's Day is Dutch"},
		{"1 working day", "2026-04-30 10:00", "2026-05-04 20:00", "Labour Day before a weekend"},
		{"1 working day", "2026-12-24 10:00", "2026-12-29 20:00", "a free day, Christmas and a weekend: it counts from Monday"},
		{"4 hours", "2026-07-20 18:00", "2026-07-22 10:00", "hours do not run on a holiday"},
	} {
		term, err := ParseTerm(c.term)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.Due(term, at(t, c.now)); !got.Equal(at(t, c.want)) {
			t.Errorf("%s: Due(%s, %s) = %s, want %s", c.why, c.term, c.now, got.Format("2006-01-02 15:04"), c.want)
		}
	}
}

// TestResponseClocks: channel and urgency choose the clock, and it stands
// still where nobody works.
func TestResponseClocks(t *testing.T) {
	for _, c := range []struct {
		channel        string
		urgency        webcare.Urgency
		received, want string
	}{
		{"x", webcare.Normal, "2026-03-27 19:00", "2026-03-28 12:00"},      // an hour on Friday, three on Saturday
		{"x", webcare.Normal, "2026-03-28 16:00", "2026-03-30 11:00"},      // over the night without an hour
		{"x", webcare.Normal, "2026-10-24 16:00", "2026-10-26 11:00"},      // over the night with one more
		{"x", webcare.Critical, "2026-10-25 02:30", "2026-10-26 09:00"},    // on a Sunday night
		{"email", webcare.Normal, "2026-04-24 10:00", "2026-04-28 20:00"},  // King's Day
		{"email", webcare.Low, "2026-12-23 21:00", "2026-12-30 20:00"},     // after closing: counts from the 28th
		{"review", webcare.Normal, "2026-05-13 10:00", "2026-05-18 20:00"}, // Ascension Day, a weekend
		{"x", webcare.High, "2026-05-14 10:00", "2026-05-15 09:00"},        // Ascension Day itself
	} {
		if got := Sample().ResponseDue(c.channel, c.urgency, at(t, c.received)); !got.Equal(at(t, c.want)) {
			t.Errorf("%s %s received %s: due %s, want %s", c.channel, c.urgency, c.received, got.Format("2006-01-02 15:04"), c.want)
		}
	}
}

func TestOpenBetween(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     time.Duration
	}{
		{"2026-11-24 10:00", "2026-11-24 12:30", 150 * time.Minute},
		{"2026-11-24 12:30", "2026-11-24 10:00", 0},
		{"2026-11-24 19:00", "2026-11-25 09:00", 2 * time.Hour},
		{"2026-11-24 21:00", "2026-11-25 07:00", 0},
		{"2026-11-21 16:00", "2026-11-23 10:00", 3 * time.Hour},  // Sunday is closed
		{"2026-04-26 00:00", "2026-04-28 00:00", 0},              // a Sunday and King's Day
		{"2026-03-28 00:00", "2026-03-31 00:00", 20 * time.Hour}, // the clock goes forward
		{"2026-10-24 00:00", "2026-10-27 00:00", 20 * time.Hour}, // and back
		{"2026-12-23 19:00", "2026-12-28 09:00", 2 * time.Hour},  // the 24th to the 27th are free
	} {
		if got := Sample().OpenBetween(at(t, c.from), at(t, c.to)); got != c.want {
			t.Errorf("from %s to %s: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

// TestOpenTimeAddsUp: what is added is what lies between.
func TestOpenTimeAddsUp(t *testing.T) {
	for _, b := range []*Brand{Sample(), belgian(t)} {
		rapid.Check(t, func(t *rapid.T) {
			from := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "from"), 0)
			d := time.Duration(rapid.IntRange(1, 100*3600).Draw(t, "seconds")) * time.Second
			if got := b.OpenBetween(from, b.AddOpenTime(from, d)); got != d {
				t.Fatalf("%s after %s: %s lie between", d, from, got)
			}
		})
	}
}
