package brand

import (
	"bytes"
	"testing"
	"time"

	"webcare.example/responder/internal/webcare"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", text, Sample().Location())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDue(t *testing.T) {
	for _, c := range []struct{ term, now, want, why string }{
		{"1 working day", "2026-11-24 10:00", "2026-11-25 20:00", "an ordinary Tuesday"},
		{"0 working days", "2026-11-24 10:00", "2026-11-24 20:00", "today, before closing"},
		{"0 working days", "2026-11-24 21:00", "2026-11-25 20:00", "closed for today"},
		{"1 working day", "2026-11-20 21:00", "2026-11-24 20:00", "Friday night counts from Monday"},
		{"1 working day", "2026-11-21 12:00", "2026-11-24 20:00", "Saturday is open, but no working day"},
		{"2 working days", "2026-12-23 10:00", "2026-12-29 20:00", "the extra day, Christmas and a weekend"},
		{"1 working day", "2027-03-26 10:00", "2027-03-30 20:00", "Good Friday works, Easter Monday does not"},
		{"1 working day", "2026-04-24 10:00", "2026-04-28 20:00", "King's Day on a Monday"},
		{"1 working day", "2027-05-05 10:00", "2027-05-07 20:00", "Ascension Day"},
		{"2 hours", "2026-11-24 10:00", "2026-11-24 12:00", "within a day"},
		{"2 hours", "2026-11-24 19:00", "2026-11-25 09:00", "over the night"},
		{"3 hours", "2026-11-21 16:00", "2026-11-23 10:00", "over Sunday"},
		{"30 minutes", "2026-11-22 03:00", "2026-11-23 08:30", "from Sunday night"},
		{"30 minutes around the clock", "2026-11-22 03:00", "2026-11-22 03:30", "plain time"},
		{"10 hours", "2026-03-28 10:00", "2026-03-30 11:00", "over the night the clock goes forward"},
		{"10 hours", "2026-10-24 10:00", "2026-10-26 11:00", "over the night the clock goes back"},
	} {
		term, err := ParseTerm(c.term)
		if err != nil {
			t.Fatal(err)
		}
		if got := Sample().Due(term, at(t, c.now)); !got.Equal(at(t, c.want)) {
			t.Errorf("%s: Due(%s, %s) = %s, want %s", c.why, c.term, c.now, got.Format("2006-01-02 15:04"), c.want)
		}
	}
}

func TestOpenTimeIsRightOnTheDayTheClockChanges(t *testing.T) {
	text := bytes.Replace(sampleFile, []byte(`{days: [sat], open: "09:00", close: "17:00"}`), []byte(`{days: [sat, sun], open: "00:00", close: "24:00"}`), 1)
	b, err := Load(bytes.NewReader(text), "merk.yaml")
	if err != nil {
		t.Fatal(err)
	}
	four, _ := ParseTerm("4 hours")
	if got, want := b.Due(four, at(t, "2026-03-29 00:00")), at(t, "2026-03-29 05:00"); !got.Equal(want) {
		t.Errorf("forward: %s, want %s", got, want)
	}
	if got, want := b.Due(four, at(t, "2026-10-25 00:00")), at(t, "2026-10-25 03:00"); !got.Equal(want) {
		t.Errorf("back: %s, want %s", got, want)
	}
}

func TestAddWorkingDays(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-24 23:30", 1, "2026-11-25"},
		{"2026-11-21 12:00", 0, "2026-11-23"},
		{"2026-11-24 12:00", 0, "2026-11-24"},
		{"2026-12-23 12:00", 1, "2026-12-28"},
		{"2026-11-24 12:00", 10, "2026-12-08"},
	} {
		if got := Sample().AddWorkingDays(at(t, c.from), c.n).Format(time.DateOnly); got != c.want {
			t.Errorf("AddWorkingDays(%s, %d) = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestResponseDue(t *testing.T) {
	for _, c := range []struct {
		channel  string
		urgency  webcare.Urgency
		received string
		want     string
	}{
		{"x", webcare.Critical, "2026-11-24 10:00", "2026-11-24 11:00"},
		{"x", webcare.High, "2026-11-24 19:30", "2026-11-25 08:30"},
		{"x", webcare.Normal, "2026-11-24 10:00", "2026-11-24 14:00"},
		{"email", webcare.Normal, "2026-11-24 10:00", "2026-11-25 20:00"},
		{"email", webcare.High, "2026-11-24 10:00", "2026-11-24 12:00"},
		{"email", webcare.Low, "2026-11-24 10:00", "2026-11-26 20:00"},
		{"facebook", "", "2026-12-25 10:00", "2026-12-28 12:00"},
		{"unheard-of", webcare.Low, "2026-11-24 08:00", "2026-11-24 16:00"},
	} {
		got := Sample().ResponseDue(c.channel, c.urgency, at(t, c.received))
		if !got.Equal(at(t, c.want)) {
			t.Errorf("ResponseDue(%s, %s, %s) = %s, want %s", c.channel, c.urgency, c.received, got.Format("2006-01-02 15:04"), c.want)
		}
	}
}

func TestIsOpen(t *testing.T) {
	for moment, want := range map[string]bool{
		"2026-11-24 08:00": true, "2026-11-24 20:00": false, "2026-11-21 16:59": true,
		"2026-11-22 12:00": false, "2026-12-25 12:00": false, "2026-04-03 12:00": true,
	} {
		if got := Sample().IsOpen(at(t, moment)); got != want {
			t.Errorf("IsOpen(%s) = %v, want %v", moment, got, want)
		}
	}
}

func TestDateInWords(t *testing.T) {
	now := at(t, "2026-11-24 10:00")
	for _, c := range []struct{ due, lang, want string }{
		{"2026-11-26 20:00", "nl", "uiterlijk donderdag 26 november"},
		{"2026-11-26 20:00", "en", "by Thursday 26 November"},
		{"2026-11-24 17:30", "nl", "vandaag voor 17.30 uur"},
		{"2026-11-24 17:30", "en", "today before 5:30 pm"},
		{"2026-11-24 18:00", "en", "today before 6 pm"},
		{"2027-01-04 20:00", "nl", "uiterlijk maandag 4 januari 2027"},
		{"2026-11-25 08:30", "nl", "uiterlijk woensdag 25 november"},
	} {
		if got := Sample().DueInWords(at(t, c.due).UTC(), c.lang, now.UTC()); got != c.want {
			t.Errorf("DueInWords(%s, %s) = %q, want %q", c.due, c.lang, got, c.want)
		}
	}
}

func TestParseTermRefuses(t *testing.T) {
	for _, text := range []string{"", "2", "two hours", "-1 hours", "0 hours", "3 days", "2 working days around the clock", "2000 hours"} {
		if term, err := ParseTerm(text); err == nil {
			t.Errorf("ParseTerm(%q) = %+v, want an error", text, term)
		}
	}
}
