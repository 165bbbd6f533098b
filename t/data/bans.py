#!/usr/bin/python3
"""Writes t/data/bans.txt: what the ladder makes of those who fail.

Written from the definition, with lists of moments and nothing of the
module: t/data/bans.py > t/data/bans.txt

    trace LIMIT WITHIN TIME MAX QUIET FACTOR    begins with nothing known
    fail|look MOMENT BANNED LEFT RUNG

BANNED  1: by this very failure
LEFT    seconds until the ban is over, 0: there is none
RUNG    of the ladder, after what was quiet
"""

import random


class Ladder:
    """limit failures within so many seconds of the first of them: a ban, of
    which each is factor times as long as the one below; quiet seconds after
    its end lead one rung down."""

    def __init__(self, limit, within, time, most, quiet, factor):
        self.limit, self.within, self.quiet = limit, within, quiet
        self.rungs = []
        while time < most:
            self.rungs.append(time)
            time *= factor
        self.rungs.append(most)
        self.failures, self.end, self.reached = [], 0, 0

    def rung(self, now):
        rung, t = self.reached, self.end
        while rung > 0 and t + self.quiet <= now:
            rung, t = rung - 1, t + self.quiet
        return rung

    def look(self, now):
        return max(self.end - now, 0), self.rung(now)

    def fail(self, now):
        if now < self.end:
            return 0
        if self.failures and now >= self.failures[0] + self.within:
            self.failures = []
        self.failures.append(now)
        if len(self.failures) < self.limit:
            return 0
        self.failures = []
        self.reached = min(self.rung(now) + 1, len(self.rungs))
        self.end = now + self.rungs[self.reached - 1]
        return 1


def trace(limit, within, time, most, quiet, n, factor=2):
    print('trace', limit, within, time, most, quiet, factor)
    ladder = Ladder(limit, within, time, most, quiet, factor)
    now = 1700000000 + random.randrange(10 ** 8)
    for _ in range(n):
        now += random.choice([
            0, 0, 1, random.randrange(within + 2), within, time,
            max(ladder.end - now, 0), max(ladder.end - now - 1, 0),
            max(ladder.end + quiet - now, 0),
            max(ladder.end + quiet - now - 1, 0),
            random.randrange(3 * quiet) if random.randrange(4) == 0 else 0])
        if random.randrange(5) == 0:
            print('look', now, 0, *ladder.look(now))
        else:
            banned = ladder.fail(now)
            print('fail', now, banned, *ladder.look(now))


random.seed(7)
trace(3, 60, 60, 86400, 86400, 400)
trace(1, 1, 1, 1, 1, 60)
trace(1, 60, 300, 3600, 3600, 200)
trace(20, 60, 60, 3600, 600, 400)
trace(4095, 3600, 60, 3600, 600, 100)
trace(2, 10, 7, 100, 1048575, 200)
trace(2, 10, 1, 1048575, 1048575, 400)
for _ in range(20):
    first = random.randrange(1, 1000)
    trace(random.randrange(1, 6), random.randrange(1, 100), first,
          first * random.randrange(1, 300), random.randrange(1, 5000), 100,
          random.choice([2, 4]))
