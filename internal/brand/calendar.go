package brand

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/nl"
)

// Holiday names as rickar/cal has them: the national lists of the two countries.
var nationalHolidays = map[string][]*cal.Holiday{"nl": nl.Holidays, "be": be.Holidays}

// window is one day's opening time in minutes after local midnight.
type window struct{ open, close int }

// calendar is a brand's days and hours, resolved from the file.
type calendar struct {
	zone     *time.Location
	holidays []*cal.Holiday
	extra    map[string]bool // 2026-12-24
	windows  [7][]window     // by weekday, in order
	working  [7]bool
}

// horizon bounds every search for an open day: a calendar without one is
// refused by Load, holidays aside.
const horizon = 400

// Location returns the brand's time zone.
func (b *Brand) Location() *time.Location {
	if b.cal == nil {
		return time.UTC
	}
	return b.cal.zone
}

// newCalendar resolves the calendar; mistakes go to report with their field.
func newCalendar(b *Brand, report func(field, format string, args ...any)) *calendar {
	c := &calendar{zone: time.UTC, extra: map[string]bool{}}
	if zone, err := time.LoadLocation(b.TimeZone); err != nil || b.TimeZone == "" {
		report("time_zone", "%q is not a time zone that this machine knows (an IANA name like Europe/Amsterdam; the program needs time/tzdata where the system has none)", b.TimeZone)
	} else {
		c.zone = zone
	}
	c.readHolidays(b, report)
	c.readHours(b, report)
	c.readWorkingDays(b, report)
	return c
}

func (c *calendar) readHolidays(b *Brand, report func(field, format string, args ...any)) {
	except := map[string]bool{}
	for i, name := range b.Holidays.Except {
		except[strings.ToLower(name)] = true
		if !knownHoliday(name, b.Holidays.Calendars) {
			report(fmt.Sprintf("holidays.except[%d]", i), "%q is no holiday of %v", name, b.Holidays.Calendars)
		}
	}
	for i, country := range b.Holidays.Calendars {
		list, ok := nationalHolidays[country]
		if !ok {
			report(fmt.Sprintf("holidays.calendars[%d]", i), "%q: known are nl and be", country)
		}
		for _, h := range list {
			if !except[strings.ToLower(h.Name)] {
				c.holidays = append(c.holidays, h)
			}
		}
	}
	for i, day := range b.Holidays.Extra {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			report(fmt.Sprintf("holidays.extra[%d]", i), "%q is no date like 2026-12-24", day)
		}
		c.extra[day] = true
	}
}

func knownHoliday(name string, calendars []string) bool {
	for _, country := range calendars {
		for _, h := range nationalHolidays[country] {
			if strings.EqualFold(h.Name, name) {
				return true
			}
		}
	}
	return false
}

func (c *calendar) readHours(b *Brand, report func(field, format string, args ...any)) {
	for i, h := range b.Hours {
		open, okOpen := minutes(h.Open)
		end, okClose := minutes(h.Close)
		switch {
		case !okOpen:
			report(fmt.Sprintf("hours[%d].open", i), "%q is no time like 09:00", h.Open)
		case !okClose:
			report(fmt.Sprintf("hours[%d].close", i), "%q is no time like 17:30", h.Close)
		case end <= open:
			report(fmt.Sprintf("hours[%d].close", i), "must be later than open")
		}
		for j, day := range h.Days {
			d, ok := weekday(day)
			if !ok {
				report(fmt.Sprintf("hours[%d].days[%d]", i, j), "%q: write mon, tue, wed, thu, fri, sat or sun", day)
				continue
			}
			if last := len(c.windows[d]) - 1; last >= 0 && c.windows[d][last].close > open {
				report(fmt.Sprintf("hours[%d].days[%d]", i, j), "opening hours of %s overlap or are out of order", day)
			}
			c.windows[d] = append(c.windows[d], window{open, end})
		}
	}
	if len(b.Hours) == 0 {
		report("hours", "at least one day with opening hours is needed: clocks and promises count them")
	}
}

func (c *calendar) readWorkingDays(b *Brand, report func(field, format string, args ...any)) {
	days := b.WorkingDays
	if len(days) == 0 {
		days = []string{"mon", "tue", "wed", "thu", "fri"}
	}
	for i, day := range days {
		d, ok := weekday(day)
		if !ok {
			report(fmt.Sprintf("working_days[%d]", i), "%q: write mon, tue, wed, thu, fri, sat or sun", day)
			continue
		}
		c.working[d] = true
		if len(b.Hours) > 0 && len(c.windows[d]) == 0 {
			report(fmt.Sprintf("working_days[%d]", i), "%s is a working day without opening hours", day)
		}
	}
}

func weekday(name string) (int, bool) {
	for i, short := range [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		if name == short {
			return i, true
		}
	}
	return 0, false
}

// minutes reads "17:30" as minutes after midnight; "24:00" is the end of the day.
func minutes(clock string) (int, bool) {
	hour, minute, ok := strings.Cut(clock, ":")
	h, err1 := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	if !ok || err1 != nil || err2 != nil || len(minute) != 2 || h < 0 || m < 0 || m > 59 || h*60+m > 24*60 {
		return 0, false
	}
	return h*60 + m, true
}

// holiday reports whether nobody works on the local day of t.
func (c *calendar) holiday(t time.Time) bool {
	if c.extra[t.Format(time.DateOnly)] {
		return true
	}
	for _, h := range c.holidays {
		actual, observed := h.Calc(t.Year())
		if sameDay(actual, t) || sameDay(observed, t) {
			return true
		}
	}
	return false
}

func (c *calendar) workingDay(t time.Time) bool {
	return c.working[t.Weekday()] && !c.holiday(t)
}

// at is the moment of a local day that the clock on the wall shows so many
// minutes after midnight: right across changes of daylight saving time.
func (c *calendar) at(day time.Time, minute int) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, minute, 0, 0, c.zone)
}

// day is noon of the local day n days after t's.
func (c *calendar) day(t time.Time, n int) time.Time {
	y, m, d := t.In(c.zone).Date()
	return time.Date(y, m, d+n, 12, 0, 0, 0, c.zone)
}
