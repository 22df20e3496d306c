package jsonata

// civil is a moment as date and time of day, in the Gregorian calendar extended to all years.
type civil struct {
	year, month, day            int
	hour, minute, second, milli int
	days                        int64 // since 1 January 1970
}

const dayMillis = 86_400_000

// civilTime takes a time in milliseconds since 1970 apart.
func civilTime(millis int64) civil {
	days := floorDiv(millis, dayMillis)
	rest := int(millis - days*dayMillis)
	c := civil{hour: rest / 3_600_000, minute: rest / 60_000 % 60, second: rest / 1000 % 60, milli: rest % 1000, days: days}
	c.year, c.month, c.day = dateOf(days)
	return c
}

// millis is the inverse of civilTime; days beyond the end of the month count on into the next.
func (c *civil) millis() int64 {
	return (daysOf(c.year, c.month)+int64(c.day)-1)*dayMillis + int64(c.hour)*3_600_000 + int64(c.minute)*60_000 + int64(c.second)*1000 + int64(c.milli)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// daysOf returns the days from 1970 to the first of a month, which may be outside of 1 to 12. Years are counted
// from March, so that the leap day is their last.
func daysOf(year, month int) int64 {
	m := int64(month) - 1
	y := int64(year) + floorDiv(m, 12)
	m = m - floorDiv(m, 12)*12
	if m < 2 {
		y--
		m += 12
	}
	era := floorDiv(y, 400)
	yearOfEra := y - era*400
	return era*146_097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + (153*(m-2)+2)/5 - 719_468
}

// dateOf is the inverse of daysOf, with the day.
func dateOf(days int64) (year, month, day int) {
	days += 719_468
	era := floorDiv(days, 146_097)
	d := days - era*146_097
	y := (d - d/1460 + d/36_524 - d/146_096) / 365
	dayOfYear := d - (365*y + y/4 - y/100)
	m := (5*dayOfYear + 2) / 153
	day = int(dayOfYear-(153*m+2)/5) + 1
	month = int(m) + 3
	if month > 12 {
		month -= 12
		y++
	}
	return int(y + era*400), month, day
}

// weekday returns 1 for Monday to 7 for Sunday.
func weekday(days int64) int { return int(days+3-floorDiv(days+3, 7)*7) + 1 }

// firstWeek returns the Monday of the first ISO week of a month: the one that has its Thursday in it. Of January
// it is the first week of the year.
func firstWeek(year, month int) int64 {
	first := daysOf(year, month)
	day := int64(weekday(first))
	if day > 4 {
		return first + 8 - day
	}
	return first - day + 1
}

// component returns the number that a component of a date picture stands for.
func (c *civil) component(component byte) int {
	switch component {
	case 'Y':
		return c.year
	case 'M':
		return c.month
	case 'D':
		return c.day
	case 'd':
		return int(c.days-daysOf(c.year, 1)) + 1
	case 'F':
		return weekday(c.days)
	case 'W':
		return c.week(1, 12, 52)
	case 'w':
		return c.week(c.month, 1, 4)
	case 'X':
		switch {
		case c.days < firstWeek(c.year, 1):
			return c.year - 1
		case c.days >= firstWeek(c.year+1, 1):
			return c.year + 1
		}
		return c.year
	case 'x':
		switch {
		case c.days < firstWeek(c.year, c.month):
			return (c.month+10)%12 + 1
		case c.days >= firstWeek(c.year, c.month+1):
			return c.month%12 + 1
		}
		return c.month
	case 'H':
		return c.hour
	case 'h':
		return (c.hour+11)%12 + 1
	case 'm':
		return c.minute
	case 's':
		return c.second
	case 'f':
		return c.milli
	case 'P':
		return c.hour / 12
	}
	return 0
}

// week counts the weeks of the period of so many months that begins with month, which has at least full weeks.
// Days before its first week belong to the period before, days of the next one's first week to that.
func (c *civil) week(month, months int, full int) int {
	week := int(floorDiv(c.days-firstWeek(c.year, month), 7)) + 1
	switch {
	case week > full && c.days >= firstWeek(c.year, month+months):
		return 1
	case week < 1:
		return int(floorDiv(c.days-firstWeek(c.year, month-months), 7)) + 1
	}
	return week
}
