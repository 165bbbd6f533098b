#!/usr/bin/env python3
"""Random requests to several policies at once, and what becomes of them.

Written from the definitions of the policies, with whole numbers and nothing
of the module, upon t/data/limits.py and t/data/unique.py.  Without SEED the
short form that t/data/traces.txt is.

usage: t/reference/limits.py [SEED TRACES] > FILE

    trace
    policy KIND A B           rate, pair: interval in ticks, burst;
                              window, slide: seconds, limit;
                              unique, held: 0, limit; calendar: PER, limit
    ask NOW WALL START END PASSED
                              ticks since boot, microseconds since 1970; of
                              the calendar's period, seconds
      COST REFUSED LEFT MORE RETRY [WHOM ...]
                              for each policy; COST of unique: how many
    back REQUEST POLICY COST NOW
                              of the n-th that was asked, so much is given
                              back, or what was under way has ended

All of its policies pay for a request, or none does.  REFUSED: by this one.
"""

import copy
import datetime
import functools
import os
import random
import sys
import zoneinfo

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "data"))

import limits   # noqa: E402
import periods  # noqa: E402
import unique   # noqa: E402

SEC = limits.SEC
COARSE = 1 << 20                # ticks of an interval that can be given back
BACK = 63                       # events, more need not be given back


class Rate(limits.Rate):
    """
    Payments stand behind each other in time.  What is given back makes room
    at the front, where it flows out: so much the earlier all is over.  What
    has flowed out is not given back, but the last one may empty the bucket.
    """

    def __init__(self, interval, burst):
        super().__init__(interval, burst)
        self.end, self.back, self.rests = 0, 0, 0

    def take(self, now, cost):
        if self.tat <= now:
            self.end, self.back = now, 0
            self.rests += 1
        passed, left, more, retry = super().take(now, cost)
        if passed:
            self.end += cost * self.interval
        return passed, left, more, retry

    def paid(self, cost, whom):
        return [self.end, cost, self.rests]

    def refund(self, paid, cost, now):
        end, left, rests = paid
        cost = min(cost, left)
        paid[1] -= cost
        if (self.interval < COARSE or self.tat <= now
                or rests != self.rests):
            return
        if end != self.end:
            front = now + self.back * self.interval
            cost = min(cost, max(end - front, 0) // self.interval)
        self.back += cost
        self.tat -= cost * self.interval


class Pair(limits.Pair):
    """a burst is known by its begin, which is that of who began it"""

    def paid(self, cost, whom):
        return [self.start, self.n, cost]

    def refund(self, paid, cost, now):
        start, n, left = paid
        cost = min(cost, left)
        paid[2] -= cost
        over = now >= self.start + self.n * self.INTERVAL
        if over or start != self.start or self.n < cost:
            return
        if n == cost and self.n != cost:
            return              # others have joined it
        self.n -= cost
        paid[1] -= cost


class Window(limits.Window):
    def paid(self, cost, whom):
        return [self.index, cost]

    def refund(self, paid, cost, now):
        index, left = paid
        cost = min(cost, left)
        paid[1] -= cost
        if index == self.index:
            self.count -= cost


class Calendar:
    """so many in each period of a calendar, whose clock may stand"""

    def __init__(self, limit):
        self.limit, self.end, self.count = limit, 0, 0

    def take(self, wall, cost, end):
        if end > self.end:
            self.end, self.count = end, 0
        passed = self.count + cost <= self.limit
        if passed:
            self.count += cost
        until = (self.end * 10 ** 6 - wall) * limits.TICKS
        retry = 0 if passed else -1 if cost > self.limit else until
        return (passed, max(self.limit - self.count, 0),
                until if self.count else 0, retry)

    def paid(self, cost, whom):
        return [self.end, cost]

    def refund(self, paid, cost, now):
        end, left = paid
        cost = min(cost, left)
        paid[1] -= cost
        if end == self.end:
            self.count -= cost


class Slide(limits.Slide):
    """a clock that stands may see more than the limit: who looks may"""

    def take(self, wall, cost):
        passed, left, more, retry = super().take(wall, cost)
        return (True, left, more, 0) if cost == 0 else (passed, left, more,
                                                        retry)

    def paid(self, cost, whom):
        return [max(self.counts, default=0), cost]

    def refund(self, paid, cost, now):
        index, left = paid
        cost = min(cost, left)
        paid[1] -= cost
        top = max(self.counts, default=-2)
        if top - index > 1 or self.counts.get(index, 0) < cost:
            return
        self.counts[index] -= cost
        if self.counts[top] + self.counts.get(top - 1, 0) == 0:
            self.counts = {}    # no clock has to stand for nothing


class Held:
    """so many under way at once; who asks again may do so in a second"""

    def __init__(self, limit):
        self.limit, self.n = limit, 0

    def take(self, cost):
        passed = cost == 0 or self.n < self.limit
        if passed:
            self.n += cost
        return passed, self.limit - self.n, 0, 0 if passed else SEC

    def paid(self, cost, whom):
        return [cost]

    def refund(self, paid, cost, now):
        self.n -= min(cost, paid[0])
        paid[0] = 0


class Unique(unique.Unique):
    """its clock stands from the first request on, whatever becomes of it"""

    def take(self, second, whom):
        self.top = self.top or second // unique.SPAN
        passed, left, more, retry, self.fresh = super().take(second, whom)
        return (passed, left, more * SEC, retry * SEC if retry > 0 else retry)

    def paid(self, cost, whom):
        return [list(whom), list(self.fresh), {w: self.last[w] for w in whom}]

    def refund(self, paid, cost, now):
        """the last of the list first; who moved on is not ours any more"""
        whom, fresh, spans = paid
        for _ in range(min(cost, len(whom))):
            w = whom.pop()
            if self.last.get(w) == spans[w]:
                super().refund([w], fresh)


class Policy:
    def __init__(self, kind, a, b):
        self.kind, self.a, self.b = kind, a, b
        self.given = 0
        self.state = {
            "rate": lambda: Rate(a, b), "pair": Pair,
            "window": lambda: Window(a, b), "slide": lambda: Slide(a, b),
            "unique": lambda: Unique(b), "held": lambda: Held(b),
            "calendar": lambda: Calendar(b)}[kind]()

    def take(self, ask, cost, whom):
        """a copy of the state and what was decided"""
        to = copy.deepcopy(self.state)
        if self.kind in ("rate", "pair"):
            return to, to.take(ask["now"], cost)
        if self.kind == "held":
            return to, to.take(cost)
        if self.kind == "unique":
            return to, to.take(ask["wall"] // 10 ** 6, whom if cost else [])
        if self.kind == "calendar":
            return to, to.take(ask["wall"], cost, ask["end"])
        return to, to.take(ask["wall"], cost)


def decide(policies, ask):
    """the states, whether all have passed, and a row for each policy"""
    tried = [p.take(ask, c, w) for p, c, w in
             zip(policies, ask["costs"], ask["whom"])]
    refused = [not row[0] for _, row in tried]
    passed = not any(refused)
    rows = []
    for i, p in enumerate(policies):
        if not passed and not refused[i]:
            tried[i] = p.take(ask, 0, [])
        if p.kind == "unique":
            p.state.top = p.state.top or tried[i][0].top
        rows.append((int(refused[i]), *tried[i][1][1:]))
    return ([to for to, _ in tried] if passed else None), rows


PERIODS = ("day", "week", "month")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
         "America/Santiago", "Africa/Cairo")


def period(zone, per, second):
    """the period of the calendar that a second is in"""
    date = periods.shown(zone, second)
    starts = [periods.begins(zone, d) for d in periods.firsts(date, per, 31
                                              if per == "month" else 1)]
    for start, end in zip(starts, starts[1:]):
        if start <= second < end:
            return start, end
    raise ValueError((zone.key, per, second))


@functools.lru_cache
def moments(key):
    """when the zone's clock is changed, leap days and ends of months"""
    zone = zoneinfo.ZoneInfo(key)
    low, high = 1767225600, 1861920000          # 2026 to 2028
    offset = {}
    for t in range(low, high, 3600):
        now = periods.EPOCH + datetime.timedelta(seconds=t)
        offset[t] = now.astimezone(zone).utcoffset()
    changes = [t for t in offset if offset.get(t - 3600, offset[t])
               != offset[t]]
    return changes + [1835395200, 1835481600, 1803859200, 1798675200]


def some(rnd, calendar):
    kinds = [("rate", rnd.choice((SEC, SEC // 80, 60 * SEC, 16000, 3600 * SEC)),
              rnd.choice((1, 5, 20, 200))),
             ("pair", 6 * SEC, 45),
             ("window", rnd.choice((1, 60, 3600, 86400)),
              rnd.choice((3, 20, 100))),
             ("slide", rnd.choice((1, 60, 3600, 86400)),
              rnd.choice((3, 20, 100))),
             ("unique", 0, rnd.choice((1, 5, 20))),
             ("held", 0, rnd.choice((1, 3, 8, 9, 20)))]
    if calendar:
        kinds.append(("calendar", calendar, rnd.choice((5, 20, 60))))
    return [Policy(*k) for k in rnd.sample(kinds, rnd.choice((1, 2, 2, 3, 4)))]


def trace(rnd, out, asks):
    zone = zoneinfo.ZoneInfo(rnd.choice(ZONES))
    per = rnd.choice(PERIODS)
    policies = some(rnd, per)
    out.append("trace")
    out += [f"policy {p.kind} {p.a} {p.b}" for p in policies]
    now = 10 ** 6 * SEC
    wall = (rnd.choice(moments(zone.key)) - rnd.choice((60, 3600, 90000))
            ) * 10 ** 6
    steps = rnd.choice(((0, 1, 7), (0, 10 ** 4, 10 ** 5, 10 ** 6),
                        (10 ** 5, 10 ** 6, 6 * 10 ** 6, 10 ** 7),
                        (10 ** 6, 10 ** 8, 9 * 10 ** 8),
                        (10 ** 8, 36 * 10 ** 8, 9 * 10 ** 9)))
    top = 0
    open_ = []
    for n in range(asks):
        step = rnd.choice(steps) * 16000 // 64 * 64
        now += step
        wall += step // 16000
        if rnd.random() < 0.02:
            wall -= rnd.choice((1, 1000, 10 ** 6, 3 * 10 ** 6))
        second = max(wall // 10 ** 6, top)
        top = second
        start, end = period(zone, per, second)
        ask = {"now": now, "wall": wall, "end": end, "costs": [], "whom": []}
        for p in policies:
            whom = []
            cost = rnd.choice((0, 1, 1, 1, 2, 3, 7))
            if p.kind == "held":
                cost = rnd.choice((0, 1, 1, 1))
            if p.kind == "unique":
                whom = rnd.sample(range(3 * p.b + 2), rnd.choice((1, 1, 2, 3)))
                cost = len(whom)
            ask["costs"].append(cost)
            ask["whom"].append(whom)
        states, rows = decide(policies, ask)
        out.append(f"ask {now} {wall} {start} {end} {int(states is not None)}")
        for c, row, whom in zip(ask["costs"], rows, ask["whom"]):
            out.append(" ".join(map(str, (c, *row, *whom))))
        if states is not None:
            paid = []
            for p, state, c, w in zip(policies, states, ask["costs"],
                                      ask["whom"]):
                paid.append(state.paid(c, w) if c else None)
                p.state = state if c else p.state
            open_.append((n, paid, ask["costs"]))
        while open_ and rnd.random() < 0.35:
            number, paid, costs = open_.pop(rnd.randrange(len(open_)))
            now += rnd.choice(steps) * 16000 // 64 * 64
            for i, p in enumerate(policies):
                cost = costs[i]
                if p.kind not in ("held", "unique") and rnd.random() < 0.3:
                    cost = rnd.randrange(cost + 1)
                if p.kind == "rate" and p.given + cost > BACK:
                    continue
                p.given += cost
                if cost:
                    p.state.refund(paid[i], cost, now)
                    out.append(f"back {number} {i} {cost} {now}")


def main(seed=1, traces=25):
    rnd = random.Random(seed)
    out = []
    for _ in range(traces):
        trace(rnd, out, 60)
    print("\n".join(out))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
