"""The numbering plan: patterns of libphonenumber as automata.

The metadata of npm libphonenumber-js, layout 4, are arrays. Of a region:

    2   pattern of any national number
    3   their lengths
    10  leading digits that tell the region from others of its calling code
    11  types of numbers: [pattern, lengths or nothing]
"""

import sys

MIN, MAX = 7, 15            # digits of a number, calling code included


class Nfa:
    """Patterns over digits, all in one automaton."""

    def __init__(self):
        self.empty = []         # state -> states reached by nothing
        self.step = []          # state -> (mask of digits, state) or None

    def state(self):
        self.empty.append([])
        self.step.append(None)
        return len(self.empty) - 1

    def add(self, pattern):
        """-> (first state, last state)"""
        parser = Parser(pattern)
        tree = parser.alternatives()
        if parser.at != len(pattern):
            sys.exit('numbering: cannot read pattern ' + pattern)
        last = self.state()
        return self.compile(tree, last), last

    def compile(self, tree, then):
        kind = tree[0]
        if kind == 'digits':
            s = self.state()
            self.step[s] = (tree[1], then)
            return s
        if kind == 'all':
            for part in reversed(tree[1]):
                then = self.compile(part, then)
            return then
        if kind == 'any':
            s = self.state()
            self.empty[s] = [self.compile(part, then) for part in tree[1]]
            return s
        _, part, low, high = tree
        for n in range(high, 0, -1):
            first = self.compile(part, then)
            if n > low:
                s = self.state()
                self.empty[s] = [first, then]
                first = s
            then = first
        return then

    def close(self, states):
        seen, todo = set(), list(states)
        while todo:
            s = todo.pop()
            if s not in seen:
                seen.add(s)
                todo.extend(self.empty[s])
        return frozenset(seen)

    def next(self, states, digit):
        return self.close(self.step[s][1] for s in states
                          if self.step[s] and self.step[s][0] >> digit & 1)


class Parser:
    """The regular expressions of the metadata: no star, no anchors."""

    def __init__(self, pattern):
        self.p, self.at = pattern, 0

    def peek(self):
        return self.p[self.at:self.at + 1]

    def alternatives(self):
        parts = [self.sequence()]
        while self.peek() == '|':
            self.at += 1
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else ('any', parts)

    def sequence(self):
        parts = []
        while self.peek() not in ('', '|', ')'):
            parts.append(self.counted(self.atom()))
        return ('all', parts)

    def counted(self, part):
        if self.peek() == '?':
            self.at += 1
            return ('times', part, 0, 1)
        if self.peek() == '{':
            end = self.p.index('}', self.at)
            low, _, high = self.p[self.at + 1:end].partition(',')
            self.at = end + 1
            return ('times', part, int(low), int(high or low))
        return part

    def atom(self):
        c = self.peek()
        if self.p.startswith('(?:', self.at):
            self.at += 3
            tree = self.alternatives()
            if self.peek() != ')':
                sys.exit('numbering: cannot read pattern ' + self.p)
            self.at += 1
            return tree
        if self.p.startswith('\\d', self.at):
            self.at += 2
            return ('digits', 0x3ff)
        if c == '[':
            end = self.p.index(']', self.at)
            mask = self.digit_class(self.p[self.at + 1:end])
            self.at = end + 1
            return ('digits', mask)
        if c.isdigit():
            self.at += 1
            return ('digits', 1 << int(c))
        sys.exit('numbering: cannot read pattern ' + self.p)

    @staticmethod
    def digit_class(text):
        mask, text = 0, text.replace('\\d', '0-9')
        while text:
            if text[1:2] == '-':
                low, high, text = int(text[0]), int(text[2]), text[3:]
            else:
                low, high, text = int(text[0]), int(text[0]), text[1:]
            for digit in range(low, high + 1):
                mask |= 1 << digit
        return mask


class Plan:
    """An acyclic automaton; equal states are one state.

    A state is a tuple of ten edges, an edge is (state, does the number that
    ends here exist) or None.
    """

    LEAF = 0

    def __init__(self):
        self.states = [(None,) * 10]
        self.known = {self.states[0]: 0}

    def intern(self, edges):
        edges = tuple(edges)
        if edges not in self.known:
            self.known[edges] = len(self.states)
            self.states.append(edges)
        return self.known[edges]

    def unite(self, a, b, memo=None):
        memo = {} if memo is None else memo
        if a == b:
            return a
        if (a, b) not in memo:
            edges = []
            for x, y in zip(self.states[a], self.states[b]):
                if x and y:
                    edges.append((self.unite(x[0], y[0], memo), x[1] or y[1]))
                else:
                    edges.append(x or y)
            memo[a, b] = self.intern(edges)
        return memo[a, b]

    def path(self, digits, state):
        for digit in reversed(digits):
            edges = [None] * 10
            edges[int(digit)] = (state, False)
            state = self.intern(edges)
        return state

    def sizes(self, state, memo=None):
        """Digits of what the automaton accepts from a state on."""
        memo = {} if memo is None else memo
        if state not in memo:
            memo[state] = {1 + n for edge in self.states[state] if edge
                           for n in self.sizes(edge[0], memo)}
            memo[state] |= {1 for edge in self.states[state]
                            if edge and edge[1]}
        return memo[state]

    def from_nfa(self, nfa, first, accepts, room):
        memo = {}

        def walk(states, length):
            if length == room:
                return self.LEAF
            if (states, length) not in memo:
                edges = []
                for digit in range(10):
                    after = nfa.next(states, digit)
                    good = bool(after) and accepts(after, length + 1)
                    state = walk(after, length + 1) if after else self.LEAF
                    edges.append((state, good) if good or state else None)
                memo[states, length] = self.intern(edges)
            return memo[states, length]

        return walk(nfa.close(first), 0)


class Region:
    """What libphonenumber knows about one region of a calling code."""

    def __init__(self, nfa, meta):
        get = lambda n: meta[n] if n < len(meta) and meta[n] else None
        self.lengths = set(get(3))
        self.general = nfa.add(get(2))
        self.leading = None
        self.types = []
        if get(10):
            self.leading = nfa.add(get(10))
            nfa.step[self.leading[1]] = (0x3ff, self.leading[1])
        for kind in get(11) or []:
            if kind:
                lengths = set(kind[1]) if len(kind) > 1 and kind[1] \
                          else self.lengths
                self.types.append((nfa.add(kind[0]), lengths))

    def starts(self):
        return [p[0] for p in [self.general] + [t[0] for t in self.types]
                + ([self.leading] if self.leading else [])]

    def valid(self, states, length):
        return (length in self.lengths and self.general[1] in states
                and any(length in lengths and pattern[1] in states
                        for pattern, lengths in self.types))


class Code:
    """All regions of a calling code in one automaton."""

    def __init__(self, code, metas):
        self.code, self.nfa = code, Nfa()
        self.regions = [(name, Region(self.nfa, meta))
                        for name, meta in metas.items()]
        self.first = self.nfa.close(p for _, region in self.regions
                                    for p in region.starts())
        self.memo = {}

    def accepts(self, states, length):
        """As isValidNumber: the first region that claims it decides."""
        if len(self.regions) == 1:
            return self.regions[0][1].valid(states, length)
        for _, region in self.regions:
            if region.leading:
                if region.leading[1] in states:
                    return region.valid(states, length)
            elif region.valid(states, length):
                return True
        return False

    def compile(self, plan):
        return plan.from_nfa(self.nfa, self.first, self.accepts,
                             MAX - len(self.code))

    def reach(self, states, length, sizes):
        """The regions whose numbers can begin so."""
        key = states, length
        if key not in self.memo:
            found = {name for name, region in self.regions
                     if (not sizes or length in sizes)
                     and region.valid(states, length)
                     and (not region.leading
                          or region.leading[1] in states)}
            if length < MAX - len(self.code):
                for digit in range(10):
                    after = self.nfa.next(states, digit)
                    if after:
                        found |= self.reach(after, length + 1, sizes)
            self.memo[key] = frozenset(found)
        return self.memo[key]

    def prefixes(self, limit, sizes=None):
        """{prefix of at most limit digits: regions}, the shortest that tell
        all that is to be told; sizes: of national numbers that count"""
        found = {}

        def walk(states, prefix):
            length = len(prefix) - len(self.code)
            here = self.reach(states, length, sizes)
            after = {d: self.nfa.next(states, d) for d in range(10)}
            sets = {d: self.reach(n, length + 1, sizes)
                    for d, n in after.items() if n}
            if len(prefix) == limit or not any(r and r != here
                                               for r in sets.values()):
                found[prefix] = here
                return
            for digit, regions in sets.items():
                if regions:
                    walk(after[digit], prefix + str(digit))

        if self.reach(self.first, 0, sizes):
            walk(self.first, self.code)
        return found
