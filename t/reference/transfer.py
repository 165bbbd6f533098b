"""The transfer decision, written from docs/legal-data.md alone.

An oracle for core/xpecto_transfer.c: it shares no line and no idea with it.
The law and the calling codes are the two JSON files of ngx_xpecto_module/data,
the rules a rules file, a case is a dictionary:

    today         "2026-11-22"
    declared      ["DE", "CA-QC"]    establishment of tenant and operator
    hinted        ["FR"]             header, address
    recipients    ["+49...", "DE.1349"]
    unknown, forbidden               what signals were made of already
    states        ["private_ip"]     signals that name no country
    attest        ["us_dpf"]         what the tenant attests
    destinations  ["DE", "US"]       or, with the regions of the rules:
    region        "eu" or "auto"
    path          "/v21.0/messages"
    home, allow   "in", ["eu", "in"] of the tenant; no allow: every region
"""

import datetime
import fnmatch
import re

BASES = ["local", "unrestricted", "adequate", "adequate_scoped", "safeguards",
         "formal", "derogation", "local_copy", "local_first", "none",
         "blocked"]

ACTIONS = ["allow", "flag", "deny"]

DEFAULT_ACTION = {basis: "allow" for basis in BASES}
DEFAULT_ACTION.update(derogation="flag", local_copy="flag",
                      local_first="deny", none="deny", blocked="deny")

FREE_MODELS = {"none", "negative_list", "restriction_power"}

BSUID = re.compile(r"([A-Z]{2})(?:\.ENT)?\.[A-Za-z0-9]{1,128}")


def day(text):
    return datetime.date.fromisoformat(text)


def worse(basis):
    return BASES.index(basis)


def stricter(action):
    return ACTIONS.index(action)


class Law:
    """The legal data, as one rules file makes them count."""

    def __init__(self, data, min_level):
        self.regimes = data["regimes"]
        self.places = {row["code"]: row for row in data["countries"]}

        # a subdivision adds laws to those of its country

        for row in data["subdivisions"]:
            own = self.places[row["code"][:2]]["regimes"]
            self.places[row["code"]] = dict(row, regimes=[
                regime for regime in row["regimes"] if regime not in own])

        self.restrictions = data["restrictions"]
        self.rows = {}

        self.own_territory = set()      # laws whose territory is listed

        for row in data["decisions"]:
            if row["basis"] == "local":
                self.own_territory.add(row["from"])
            elif row["verified"] > min_level:
                continue
            self.rows[row["from"], row["to"]] = row

    def row(self, regime, destination, today):
        """The decision of a law on a country, if it holds today."""

        parent = self.regimes[regime].get("inherits_decisions_from")
        row = self.rows.get((regime, destination))
        if row is None:
            row = self.rows.get((parent, destination))
        if row is None:
            return None
        if "since" in row and today < day(row["since"]):
            return None
        if "until" in row and today >= day(row["until"]):
            return None
        return row

    def is_local(self, origin, regime, destination, row):
        if row is not None and row["basis"] == "local":
            return True
        if destination == origin:
            return self.places[origin]["regimes"][0] == regime
        if regime in self.own_territory \
           or self.regimes[regime].get("group"):
            return False
        return self.places[destination]["regimes"][0] == regime


class Attested:
    """What is attested and holds today, with all that it needs."""

    def __init__(self, rules, names, today):
        table = rules.get("attestations", {})
        held = {name for name in names if name in table
                and today < day(table[name]["expires"])}

        while True:
            lame = {name for name in held
                    if not held.issuperset(table[name].get("needs", []))}
            if not lame:
                break
            held -= lame

        self.table = table
        self.held = held

    def any_of(self, names):
        held = sorted(set(names) & self.held)
        return held[0] if held else None

    def covers(self, kind, regime, destination):
        for name in (kind + ":" + destination, kind):
            if name in self.held \
               and regime in self.table[name].get("covers", []):
                return name
        return None

    def instrument(self, name):
        return self.table[name].get("instrument", name)


def restriction(law, attested, regime, destination):
    """The worst restriction that is not lifted; a formality that is met."""

    open_ones, met = [], []

    for row in law.restrictions:
        if row["origin_regime"] != regime:
            continue
        if row["to"] != "*" and destination not in row["to"]:
            continue

        lifts = list(row.get("satisfied_by", []))
        if "unless_attest" in row:
            lifts.append(row["unless_attest"])
        name = attested.any_of(lifts)

        if name is None:
            basis = "none" if row["effect"] == "formal" else row["effect"]
            open_ones.append((-worse(basis), row["id"], basis))
        elif row["effect"] == "formal":
            met.append(name)

    if open_ones:
        return min(open_ones)[2], min(open_ones)[1]
    if met:
        return "formal", attested.instrument(min(met))
    return None


def basis_of(law, attested, origin, regime, destination, today):
    """(basis, instrument) of one origin, law and destination."""

    row = law.row(regime, destination, today)

    if law.is_local(origin, regime, destination, row):
        return "local", row["instrument"] if row else ""

    found = restriction(law, attested, regime, destination)
    if found is not None:
        return found

    if row is not None and row["basis"] == "adequate":
        return "adequate", row["instrument"]

    if row is not None and row["basis"] == "adequate_scoped" \
       and ("attest" not in row or row["attest"] in attested.held):
        return "adequate_scoped", row["instrument"]

    name = attested.covers("safeguards", regime, destination)
    if name is not None:
        return "safeguards", attested.instrument(name)

    if law.regimes[regime]["transfer_model"] in FREE_MODELS:
        return "unrestricted", ""

    name = attested.covers("derogation", regime, destination)
    if name is not None:
        return "derogation", attested.instrument(name)

    return "none", ""


def reaches(law, regime):
    """Whether a law asks about people, not only about the established."""

    return not law.regimes[regime]["reach"].startswith("establishment")


class Numbers:
    """Calling codes: digits to the set of places they can be of."""

    def __init__(self, data):
        self.prefixes = {}
        for code in data["codes"]:
            self.prefixes[code["cc"]] = (code["default"], [])
            for row in code.get("prefixes", []):
                self.prefixes[row["p"]] = (row["r"], row.get("s", []))

    def places(self, recipient):
        """(places, state): a state is why there are none."""

        match = BSUID.fullmatch(recipient)
        if match:
            return {match.group(1)}, None

        digits = recipient[1:]
        if recipient[:1] != "+" or not re.fullmatch("[0-9]{7,15}", digits):
            return set(), "invalid_number"

        for n in range(len(digits), 0, -1):
            if digits[:n] in self.prefixes:
                countries, areas = self.prefixes[digits[:n]]
                if not countries:
                    return set(), "non_geographic"
                return set(countries) | set(areas), None

        return set(), "invalid_number"


def rule_matches(condition, origin, regime, destination):
    if "regime" in condition and regime != condition["regime"]:
        return False
    if "origin" in condition \
       and (origin is None or origin[:2] not in condition["origin"]):
        return False
    if "dest" in condition and destination not in condition["dest"]:
        return False
    return not ("dest_not" in condition
                and destination in condition["dest_not"])


def rule_of(rules, origin, regime, destination):
    for n, rule in enumerate(rules.get("rules", [])):
        if rule_matches(rule["if"], origin, regime, destination):
            return n, rule["then"]
    return None, None


# the default of each signal that names no country

ON = {"private_ip": "ignore", "db_missing": "ignore", "db_stale": "ignore",
      "no_recipient": "ignore", "invalid_number": "deny",
      "non_geographic": "ignore"}


def signals(law, numbers, rules, case):
    """(declared, all origins, something is unknown, something is forbidden)

    A code that the law does not list is a signal nobody knows.
    """

    declared, hinted = set(), set()
    unknown = case.get("unknown", False)
    forbidden = case.get("forbidden", False)
    states = list(case.get("states", []))

    for code in case.get("declared", []):
        for place in {code, code[:2]}:      # a part is in its country
            if place in law.places:
                declared.add(place)
            else:
                unknown = True

    for code in case.get("hinted", []):
        if code in law.places:
            hinted.add(code)
        else:
            unknown = True

    for recipient in case.get("recipients", []):
        places, state = numbers.places(recipient)
        if state is not None:
            states.append(state)
        for code in places:
            if code in law.places:
                hinted.add(code)
            elif len(code) == 2:
                unknown = True

    for state in states:
        word = rules.get("on", {}).get(state, ON[state])
        unknown = unknown or word == "unknown"
        forbidden = forbidden or word == "deny"

    origins = declared | hinted
    return declared, origins, unknown or not origins, forbidden


def decide_for(law, rules, case, facts, destinations):
    """The decision for one set of destinations."""

    declared, origins, unknown, forbidden = facts

    # an area whose country has all of its laws has nothing to be asked

    origins = {code for code in origins if law.places[code]["regimes"]}
    today = day(case["today"])
    attested = Attested(rules, case.get("attest", []), today)
    default = rules.get("deny", {}).get("status", 451)
    actions = dict(DEFAULT_ACTION, **rules.get("basis_action", {}))

    if "expires" in rules and today >= day(rules["expires"]):
        word = rules.get("on", {}).get("rules_expired", "keep")
        unknown = unknown or word == "unknown"
        forbidden = forbidden or word == "deny"

    answers = []        # of laws: how bad, who, instrument
    verdicts = []       # of laws and rules: how strict, who, rule, status

    def judge(where, basis):
        n, then = rule_of(rules, *where)
        where = tuple(part or "" for part in where)
        if then is not None:
            verdicts.append((-stricter(then["action"]), where, n,
                             then.get("code", default)))
        elif basis is not None:
            verdicts.append((-stricter(actions[basis]), where, None, default))

    for origin in origins:
        for destination in destinations:
            laws = 0

            for regime in law.places[origin]["regimes"]:
                if origin not in declared and not reaches(law, regime):
                    continue
                laws += 1
                basis, instrument = basis_of(law, attested, origin, regime,
                                             destination, today)
                where = (origin, regime, destination)
                answers.append((-worse(basis), where, instrument))
                judge(where, basis)

            # nobody's law asks: the rules may

            if laws == 0 and len(origin) == 2:
                judge((origin, None, destination), "unrestricted")

    if not origins:
        for destination in destinations:
            judge((None, None, destination), None)

    basis, why, instrument = "unrestricted", "-", ""

    if answers:
        worst = min(answers)
        basis, why, instrument = BASES[-worst[0]], ",".join(worst[1]), worst[2]

    nobody_knows = unknown or forbidden or not destinations

    if nobody_knows and worse(basis) < worse("none"):
        basis, why, instrument = "none", "-", ""

    if unknown:
        verdicts.append((-stricter(rules.get("unknown", {})
                                   .get("action", "deny")),
                         ("~",), None, default))

    if forbidden or not destinations:
        verdicts.append((-stricter("deny"), ("~~",), None, default))

    strictest = min(verdicts, key=lambda verdict: verdict[:2])

    denied = strictest[0] == -stricter("deny")
    allowed = strictest[0] == -stricter("allow")
    n = strictest[2]

    # who made it strict: a law, or nobody in particular

    cause = strictest[1]
    cause = "-" if allowed or len(cause) != 3 or not cause[1] \
        else ",".join(cause)

    return {"verdict": ACTIONS[-strictest[0]], "basis": basis, "why": why,
            "instrument": instrument,
            "cause": cause,
            "rule": rules["rules"][n]["id"]
                    if n is not None and not allowed else "-",
            "status": strictest[3] if denied else 0}


def processors(rules, path):
    """The countries of sub-processors to which a path goes as well."""

    found = set()

    for row in rules.get("subprocessors", {}).values():
        for pattern in row["paths"]:
            ours = pattern.lower().split("/")
            theirs = path.lower().split("/")
            if len(ours) == len(theirs) \
               and all(fnmatch.fnmatchcase(b, a)
                       for a, b in zip(ours, theirs)):
                found.update(row["countries"])

    return found


def decide(law, numbers, rules, case):
    facts = signals(law, numbers, rules, case)
    region = "-"

    if "region" not in case:
        found = decide_for(law, rules, case, facts,
                           set(case.get("destinations", [])))

    else:
        also = processors(rules, case.get("path", ""))
        regions = rules.get("regions", {})
        allow = case.get("allow", list(regions))
        choices = []

        for n, name in enumerate(regions):
            if name not in allow or case["region"] not in ("auto", name):
                continue
            found = decide_for(law, rules, case, facts,
                               also | {regions[name]["country"]})
            choices.append((stricter(found["verdict"]),
                            worse(found["basis"]),
                            name != case.get("home"), n, name, found))

        if choices:
            region, found = min(choices, key=lambda choice: choice[:4])[4:]
        else:
            found = decide_for(law, rules, case, facts[:3] + (True,), also)

    found["region"] = region
    found.update(tags(law, facts[1]))
    return found


def tags(law, origins):
    """What follows from the origins alone.

    A place without an age or a default has the strictest of its laws, and one
    that says nothing of consent wants it asked for.
    """

    regimes, ages, defaults = set(), [0], []

    for origin in origins:
        place = law.places[origin]
        laws = [law.regimes[name] for name in place["regimes"]]
        regimes.update(place["regimes"])
        age = place.get("min_age",
                        max((one.get("min_age", 0) for one in laws),
                            default=0))

        # nobody knows: a state has its country's then, a country this one

        ages.append(age or (0 if "-" in origin else 16))
        defaults += ([place["consent_default"]] if "consent_default" in place
                     else [one.get("consent_default", "opt_in")
                           for one in laws])

    return {"regimes": " ".join(sorted(regimes)), "min_age": max(ages),
            "opt_out": bool(defaults) and set(defaults) == {"opt_out"}}
