#!/usr/bin/python3
"""Writes t/data/periods.txt: when periods of a quota begin and end.

An oracle that shares nothing with the module: it asks Python's zoneinfo what
the clock on the wall shows, minute by minute, and takes the first minute of
each date.  Run it again where zones are added:  t/data/periods.py >
t/data/periods.txt
"""

import calendar
import datetime
import random
import zoneinfo

ZONES = """Europe/Berlin America/New_York Asia/Kolkata Australia/Lord_Howe
           America/Santiago America/Havana Africa/Cairo Pacific/Apia
           Asia/Kathmandu America/St_Johns UTC""".split()
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
begun = {}


def shown(zone, t):
    return (EPOCH + datetime.timedelta(seconds=t)).astimezone(zone).date()


def begins(zone, date):
    """the first minute at which the wall shows the date or a later one"""
    key = (zone.key, date)
    if key not in begun:
        t = calendar.timegm(date.timetuple()) - 15 * 3600
        while shown(zone, t) < date:
            t += 60
        begun[key] = t
    return begun[key]


def of_month(month, anchor):
    """month: counted from the year 0"""
    year, month = month // 12, month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return datetime.date(year, month, min(anchor, last))


def firsts(date, per, anchor):
    """first days of periods around a date, in order"""
    if per == "day":
        return [date + n * DAY for n in range(-2, 4)]
    if per == "week":
        back = (date.isoweekday() - anchor) % 7
        return [date + (7 * n - back) * DAY for n in range(-1, 3)]
    month = date.year * 12 + date.month - 1
    return [of_month(month + n, anchor) for n in range(-1, 3)]


def case(zone, per, anchor, t):
    starts = [begins(zone, d) for d in firsts(shown(zone, t), per, anchor)]
    for start, end in zip(starts, starts[1:]):
        if start <= t < end:
            print(zone.key, per, anchor, t, start, end)
            return
    raise ValueError((zone, per, anchor, t))


def main():
    rnd = random.Random(1)
    low = calendar.timegm((2025, 1, 1, 0, 0, 0))
    high = calendar.timegm((2029, 1, 1, 0, 0, 0))
    for key in ZONES:
        zone = zoneinfo.ZoneInfo(key)
        times = [rnd.randrange(low, high) for _ in range(12)]

        # around each change of the clock and each leap day
        before = None
        for t in range(low, high, 3600):
            now = EPOCH + datetime.timedelta(seconds=t)
            offset = now.astimezone(zone).utcoffset()
            if before is not None and offset != before:
                times += [t - 3600, t - 1, t, t + 3600, t + 82800]
            before = offset
        times += [calendar.timegm((2028, 2, d, h, 0, 0))
                  for d in (28, 29) for h in (0, 12, 23)]

        for t in times:
            case(zone, "day", 1, t)
            case(zone, "week", rnd.randrange(1, 8), t)
            case(zone, "month", rnd.choice((1, 15, 28, 29, 30, 31)), t)


if __name__ == "__main__":
    main()
