#!/usr/bin/python3
"""Writes t/data/limits.txt: what limits of each kind decide.

Written from the definitions of the policies, with whole numbers and nothing
of the module: t/data/limits.py > t/data/limits.txt

    trace KIND PARAMETERS     begins with nothing used
    TIME COST PASSED LEFT MORE RETRY

TIME   rate, pair: ticks of 1/16 ns; window, slide: microseconds since 1970
LEFT   of the limit, after the decision
MORE   ticks until one more is left (window: all of it), 0: nothing is used
RETRY  ticks until this cost would pass; 0: it has; -1: never
"""

import random
from fractions import Fraction

SEC = 16 * 10 ** 9
TICKS = 16000                   # a microsecond
NEVER = -1


def ceil(x):
    return -((-x) // 1)


class Rate:
    """GCRA: events are due an interval apart, a burst may be early."""

    def __init__(self, interval, burst):
        self.interval, self.burst, self.tat = interval, burst, 0

    def used(self, now):
        """ticks of debt"""
        return max(self.tat - now, 0)

    def take(self, now, cost):
        room = self.interval * self.burst
        debt = self.used(now)
        passed = cost == 0 or debt + cost * self.interval <= room
        retry = 0
        if passed:
            debt += cost * self.interval
            self.tat = now + debt
        elif cost > self.burst:
            retry = NEVER
        else:
            retry = debt + cost * self.interval - room
        left = max(room - debt, 0) // self.interval
        more = 0 if debt == 0 else debt - (room - (left + 1) * self.interval)
        return passed, left, more, retry


class Pair:
    """Meta: 1 in 6 s; up to 45 in the first 6 s, then all is paid back."""

    INTERVAL, BURST = 6 * SEC, 45

    def __init__(self):
        self.start, self.n = 0, 0

    def take(self, now, cost):
        if now >= self.start + self.n * self.INTERVAL:
            self.start, self.n = now, 0
        free = now + self.INTERVAL * self.n - (now - self.start)
        open_ = now < self.start + self.INTERVAL
        left = self.BURST - self.n if self.n == 0 or open_ else 0
        if cost > self.BURST:
            return False, left, free - now, NEVER
        if cost > left:
            return False, left, free - now, free - now
        self.n += cost
        left -= cost
        return True, left, self.start + self.n * self.INTERVAL - now, 0


class Window:
    """so many in each fixed window; a clock that steps back stands"""

    def __init__(self, length, limit):
        self.length, self.limit = length, limit
        self.index, self.count = -1, 0

    def take(self, wall, cost):
        index = wall // (self.length * 10 ** 6)
        if index > self.index:
            self.index, self.count = index, 0
        end = (self.index + 1) * self.length * 10 ** 6
        passed = self.count + cost <= self.limit
        if passed:
            self.count += cost
        until = (end - wall) * TICKS
        retry = 0 if passed else NEVER if cost > self.limit else until
        return (passed, max(self.limit - self.count, 0),
                until if self.count else 0, retry)


class Slide:
    """the window before counts for as much of it as is in sight"""

    def __init__(self, length, limit):
        self.width, self.limit = length * 10 ** 6, limit
        self.counts = {}
        self.last = 0

    def sight(self, wall):
        index = wall // self.width
        rest = (index + 1) * self.width - wall
        before = self.counts.get(index - 1, 0)
        return (self.counts.get(index, 0)
                + ceil(Fraction(before * rest, self.width)))

    def when(self, wall, units):
        """the first microsecond with no more than so many in sight"""
        low, high = wall, wall + 2 * self.width
        while low < high:
            middle = (low + high) // 2
            if self.sight(middle) <= units:
                high = middle
            else:
                low = middle + 1
        return low

    def take(self, wall, cost):
        # a clock that steps back stands where the last window begins
        stand = max(wall, max(self.counts, default=0) * self.width)
        passed = self.sight(stand) + cost <= self.limit
        retry = 0
        if passed and cost:
            index = stand // self.width
            self.counts[index] = self.counts.get(index, 0) + cost
        elif cost > self.limit:
            retry = NEVER
        elif not passed:
            retry = (self.when(stand, self.limit - cost) - stand) * TICKS
        seen = self.sight(stand)
        more = (self.when(stand, seen - 1) - stand) * TICKS if seen else 0
        return passed, max(self.limit - seen, 0), more, retry


def trace(rnd, name, meter, now, steps, back):
    print("trace", *name)
    for _ in range(60):
        now += rnd.choice(steps)
        if rnd.random() < back:
            now -= rnd.choice(steps)
        cost = rnd.choice((0, 1, 1, 1, 1, 2, 3, 7, 50))
        passed, left, more, retry = meter.take(now, cost)
        print(now, cost, int(passed), left, more, retry)


def main():
    rnd = random.Random(7)
    boot = 10 ** 6 * SEC
    wall = 1800000000 * 10 ** 6
    for interval, burst in ((SEC, 1), (SEC, 10), (SEC // 80, 160),
                            (30 * 86400 * SEC, 3), (16000, 1000000)):
        # the clock counts in steps of 64 ticks
        trace(rnd, ("rate", interval, burst), Rate(interval, burst), boot,
              (0, 64, interval // 192 * 64, interval, 5 * interval), 0.1)
    for _ in range(6):
        trace(rnd, ("pair", 6 * SEC, 45), Pair(), boot,
              (0, SEC // 1000, SEC, 3 * SEC, 6 * SEC, 6 * SEC - 64, 60 * SEC),
              0)
    for length, limit in ((1, 5), (60, 20), (3600, 100), (86400, 60)):
        steps = (0, 1, length * 10 ** 4, length * 10 ** 5 + 3,
                 length * 10 ** 6 // 3)
        for _ in range(2):
            trace(rnd, ("window", length, limit), Window(length, limit),
                  wall, steps, 0.1)
            trace(rnd, ("slide", length, limit), Slide(length, limit),
                  wall, steps, 0.1)


if __name__ == "__main__":
    main()
