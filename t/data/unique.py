#!/usr/bin/python3
"""Writes t/data/unique.txt: what a limit of different recipients decides.

Written from the definition, with whole numbers and nothing of the module:
t/data/unique.py > t/data/unique.txt

    trace LIMIT               begins with nobody written to
    SECOND PASSED LEFT MORE RETRY REFUND WHOM...

LEFT    of the limit, after the decision
MORE    seconds until somebody leaves, 0: nobody is there
RETRY   seconds until these would pass, 0: they have, -1: never
REFUND  1: the request is given back after that
"""

import random

SPAN, SPANS = 900, 97


class Unique:
    """who was written to in a span is in sight for 96 more"""

    def __init__(self, limit):
        self.limit, self.last, self.times, self.top = limit, {}, {}, 0

    def sight(self, span):
        return [w for w, s in self.last.items() if span - s < SPANS]

    def until(self, second, span, most):
        there = sorted(self.last[w] for w in self.sight(span))
        if len(there) <= most:
            return 0
        return (there[len(there) - most - 1] + SPANS) * SPAN - second

    def take(self, second, whom):
        # a clock that steps back stands
        span = max(second // SPAN, self.top)
        there = self.sight(span)
        fresh = [w for w in whom if w not in there]
        passed = not fresh or len(there) + len(fresh) <= self.limit
        retry = 0
        if passed:
            for w in whom:
                if w in there and self.last[w] == span:
                    self.times[w] += 1
                else:
                    self.times[w] = 1
                self.last[w] = span
            self.top = span
        elif len(fresh) > self.limit:
            retry = -1
        else:
            retry = self.until(second, span, self.limit - len(fresh))
        there = len(self.sight(span))
        more = self.until(second, span, there - 1) if there else 0
        return passed, max(self.limit - there, 0), more, retry, fresh

    def refund(self, whom, fresh):
        """only who was new and was not written to by another since"""
        for w in whom:
            if self.times[w] > 1:
                self.times[w] -= 1
            elif w in fresh:
                del self.last[w], self.times[w]


def main():
    rnd = random.Random(11)
    for limit, people in ((1, 3), (5, 12), (20, 60), (250, 400)):
        for _ in range(3):
            print("trace", limit)
            u = Unique(limit)
            second = 1800000000 + rnd.randrange(SPAN)
            for _ in range(300):
                second += rnd.choice((0, 1, 60, 300, 899, 900, 5000, 40000))
                whom = rnd.sample(range(people), rnd.choice((1, 1, 2, 3)))
                passed, left, more, retry, fresh = u.take(second, whom)
                refund = passed and rnd.random() < 0.3
                if refund:
                    u.refund(whom, fresh)
                print(second, int(passed), left, more, retry, int(refund),
                      *whom)


if __name__ == "__main__":
    main()
