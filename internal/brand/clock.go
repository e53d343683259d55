package brand

import (
	"time"

	"webcare.example/responder/internal/webcare"
)

// Clock says how soon a message is answered.
type Clock struct {
	Channel string          `yaml:"channel"` // name or kind; empty for every channel
	Urgency webcare.Urgency `yaml:"urgency"` // empty for every urgency
	Within  Term            `yaml:"within"`
}

// AddWorkingDays returns noon of the n-th working day after t's day in the
// brand's time zone; for n = 0 t's own day if it is a working day, else the
// next one that is.
func (b *Brand) AddWorkingDays(t time.Time, n int) time.Time {
	c := b.cal
	day := c.day(t, 0)
	if n == 0 {
		for i := 0; i < horizon && !c.workingDay(day); i++ {
			day = c.day(day, 1)
		}
		return day
	}
	for i := 0; i < horizon+7*n && n > 0; i++ {
		day = c.day(day, 1)
		if c.workingDay(day) {
			n--
		}
	}
	return day
}

// Due returns when a term that starts at now ends. Working days end at closing
// time and count from the first moment that somebody works: "1 working day"
// asked on Friday night is Tuesday, not Monday. Hours count opening time.
func (b *Brand) Due(term Term, now time.Time) time.Time {
	switch {
	case term.Plain > 0:
		return now.Add(term.Plain)
	case term.Open > 0:
		return b.AddOpenTime(now, term.Open)
	}
	day := b.AddWorkingDays(b.nextWorkMoment(now), term.WorkingDays)
	return b.closing(day)
}

// closing returns the end of the last opening hours on the day of t.
func (b *Brand) closing(t time.Time) time.Time {
	windows := b.cal.windows[t.Weekday()]
	if len(windows) == 0 {
		return b.cal.at(t, 17*60)
	}
	return b.cal.at(t, windows[len(windows)-1].close)
}

// nextWorkMoment returns t if it lies before closing time of a working day,
// else the start of the next working day.
func (b *Brand) nextWorkMoment(t time.Time) time.Time {
	local := t.In(b.cal.zone)
	if b.cal.workingDay(local) && local.Before(b.closing(local)) {
		return local
	}
	return b.AddWorkingDays(b.cal.day(local, 1), 0)
}

// IsOpen reports whether the webcare team is there at t.
func (b *Brand) IsOpen(t time.Time) bool {
	local := t.In(b.cal.zone)
	if b.cal.holiday(local) {
		return false
	}
	for _, w := range b.cal.windows[local.Weekday()] {
		if !local.Before(b.cal.at(local, w.open)) && local.Before(b.cal.at(local, w.close)) {
			return true
		}
	}
	return false
}

// AddOpenTime returns the moment at which d of opening time has passed since t.
func (b *Brand) AddOpenTime(t time.Time, d time.Duration) time.Time {
	c := b.cal
	at := t.In(c.zone)
	for i := 0; i < horizon; i++ {
		day := c.day(t, i)
		if c.holiday(day) {
			continue
		}
		for _, w := range c.windows[day.Weekday()] {
			open, end := c.at(day, w.open), c.at(day, w.close)
			if open.Before(at) {
				open = at
			}
			left := end.Sub(open)
			if left <= 0 {
				continue
			}
			if d <= left {
				return open.Add(d)
			}
			d -= left
		}
	}
	return at.Add(d)
}

// OpenBetween returns how much opening time lies between two moments; 0 where
// to is not after from.
func (b *Brand) OpenBetween(from, to time.Time) time.Duration {
	c := b.cal
	var open time.Duration
	for day := c.day(from, 0); !day.Add(-12 * time.Hour).After(to); day = c.day(day, 1) {
		if c.holiday(day) {
			continue
		}
		for _, w := range c.windows[day.Weekday()] {
			start, end := c.at(day, w.open), c.at(day, w.close)
			if start.Before(from) {
				start = from
			}
			if end.After(to) {
				end = to
			}
			if end.After(start) {
				open += end.Sub(start)
			}
		}
	}
	return open
}

// ResponseDue returns when a message on a channel, received at the given time,
// is to be answered: the first clock of the file that matches. Without one it
// is one working day.
func (b *Brand) ResponseDue(channel string, urgency webcare.Urgency, received time.Time) time.Time {
	kind := channel
	if c, ok := b.Channel(channel); ok {
		kind = c.Kind
	}
	if urgency == "" {
		urgency = webcare.Normal
	}
	for _, c := range b.Clocks {
		if (c.Channel == "" || c.Channel == channel || c.Channel == kind) && (c.Urgency == "" || c.Urgency == urgency) {
			return b.Due(c.Within, received)
		}
	}
	return b.Due(Term{WorkingDays: 1, set: true}, received)
}
