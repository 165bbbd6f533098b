#!/usr/bin/env python3
"""Vectors of the transfer decision, by the reference in transfer.py.

usage: t/reference/vectors.py --write | --check
       t/reference/vectors.py --fuzz SEED N FILE

--write makes t/data/transfer-vectors.json: the vectors that were worked out
by hand, with the answers that were, and seeded ones over all features with
the answers of the reference; --check says whether the reference still gives
the answers of the file: data that change may change them.  --fuzz makes N random cases under random rules, for
XPECTO_VECTORS=FILE build/unit/xpecto_transfer_basis.
"""

import datetime
import json
import os
import random
import re
import sys

sys.dont_write_bytecode = True

import transfer  # noqa: E402

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DATA = os.path.join(TOP, "ngx_xpecto_module", "data")
FILE = os.path.join(TOP, "t", "data", "transfer-vectors.json")

TODAY = "2026-11-22"

# tenant, recipient, destinations, attested, basis at V3 and why, and where it
# differs the same at V2

BY_HAND = [
    ("DE", "+4915112345678", "DE", "", "local", "DE,EU_GDPR,DE"),
    ("DE", "+4915112345678", "DE US", "", "none", "DE,EU_GDPR,US"),
    ("DE", "+4915112345678", "DE US", "us_dpf",
     "adequate_scoped", "DE,EU_GDPR,US"),
    ("DE", "+4915112345678", "IN", "safeguards:IN",
     "safeguards", "DE,EU_GDPR,IN"),
    ("IN", "+4915112345678", "IN", "", "none", "DE,EU_GDPR,IN"),
    ("IN", "+919812345678", "IN US", "", "unrestricted", "IN,IN_DPDP,US"),
    ("GB", "+447911123456", "DE", "", "adequate", "GB,UK_GDPR,DE",
     "none", "GG,GG_DPL,DE"),
    ("BR", "+5511961234567", "IE", "", "adequate", "BR,BR_LGPD,IE"),
    ("BR", "+5511961234567", "US", "", "none", "BR,BR_LGPD,US"),
    ("FR", "+590690001234", "FR", "", "local", "BL,FR_OCT,FR"),
    ("US", "+12015550123", "HK", "", "blocked", "US,US_DOJ_202,HK"),
    ("RU", "+79123456789", "DE", "", "local_first", "RU,RU_152FZ,DE"),
    ("DE", "+77710009998", "DE", "", "local", "DE,EU_GDPR,DE"),
    ("CN", "+8613123456789", "SG", "", "none", "CN,CN_PIPL,SG"),
    ("CN", "+8613123456789", "SG", "cn_scc_filed",
     "formal", "CN,CN_PIPL,SG"),
    ("VN", "+84912345678", "SG", "vn_ctia_filed", "formal", "VN,VN_PDPL,SG"),
    ("CH", "+41781234567", "JP", "", "none", "CH,CH_FADP,JP"),
    ("DE", "+870301234567", "DE", "", "local", "DE,EU_GDPR,DE"),
    ("IT", "+393123456789", "DE", "", "local", "IT,EU_GDPR,DE"),
    ("IT", "+390669812345", "DE", "", "none", "VA,VA_DEC,DE"),

    # an area code adds the law of a state or province

    ("CA", "+14035550123", "CA", "", "local", "CA,CA_PIPEDA,CA"),
    ("CA", "+16045550123", "CA", "", "local", "CA,CA_PIPEDA,CA"),
    ("CA", "+15145550123", "CA", "", "none", "CA-QC,CA_QC_L25,CA"),
    ("US", "+12015550123", "DE", "", "unrestricted", "US,US_DOJ_202,DE"),
]

ATTESTATIONS = {
    "scc_fallback": {"expires": "2028-03-01"},
    "us_dpf": {"expires": "2027-02-01"},
    "us_dpf_uk": {"expires": "2027-02-01", "needs": ["scc_fallback"]},
    "us_dpf_ch": {"expires": "2026-11-22"},
    "ca_pipeda": {"expires": "2026-11-23", "needs": ["scc_fallback"]},
    "us_doj_dsp": {"expires": "2030-01-01"},
    "ru_primary_db": {"expires": "2030-01-01"},
    "kz_local_copy": {"expires": "2030-01-01"},
    "cn_scc_filed": {"expires": "2030-01-01", "instrument": "CAC 2024/17"},
    "cn_certified": {"expires": "2030-01-01", "instrument": "CAC cert. 9"},
    "vn_ctia_filed": {"expires": "2030-01-01"},
    "tr_bcr": {"expires": "2030-01-01"},
    "id_safeguards": {"expires": "2030-01-01"},
    "safeguards": {"expires": "2030-01-01",
                   "covers": ["BR_LGPD", "CA_QC_L25", "CA_PIPEDA"]},
    "safeguards:IN": {"expires": "2030-01-01",
                      "instrument": "EU 2021/914 M3",
                      "covers": ["EU_GDPR", "FR_OCT", "BR_LGPD"]},
    "safeguards:US": {"expires": "2030-01-01", "needs": ["us_dpf_uk"],
                      "instrument": "IDTA",
                      "covers": ["UK_GDPR", "GG_DPL", "IN_DPDP"]},
    "derogation": {"expires": "2030-01-01", "covers": ["CH_FADP", "TR_KVKK"]},
    "derogation:AE": {"expires": "2030-01-01", "covers": ["EU_GDPR"]},
}

REGIONS = {
    "eu": {"country": "DE", "upstream": "be_eu"},
    "in": {"country": "IN", "upstream": "be_in"},
    "br": {"country": "BR", "upstream": "be_br"},
    "us": {"country": "US", "upstream": "be_us"},
    "fr": {"country": "FR", "upstream": "be_fr"},
}

PROCESSORS = {
    "meta": {"countries": ["US"],
             "paths": ["/v*/messages", "/v*/*/messages"]},
    "mail": {"countries": ["IE", "SG"], "paths": ["/mail/*"]},
}

PATHS = ["/", "/v21.0/messages", "/v21.0/1/messages", "/v21.0/1/2/messages",
         "/mail/", "/mail/x/y", "/mail/x"]


def rules(level, **more):
    return dict({"schema": 1, "version": "t",
                 "data": {"jurisdictions": "j", "min_level": level},
                 "attestations": ATTESTATIONS, "regions": REGIONS,
                 "subprocessors": PROCESSORS}, **more)


RULES = {
    "V3": rules("V3"),
    "V2": rules("V2"),
    "V1": rules("V1"),
    "words": rules("V3", unknown={"action": "flag"},
                   on={"private_ip": "unknown", "db_missing": "deny",
                       "db_stale": "unknown", "no_recipient": "deny",
                       "invalid_number": "unknown",
                       "non_geographic": "unknown"},
                   basis_action={"local": "flag", "adequate": "flag",
                                 "none": "flag", "unrestricted": "flag"}),
    "exceptions": rules(
        "V2", deny={"status": 403},
        basis_action={"unrestricted": "deny", "local_copy": "deny"},
        rules=[
            {"id": "ru-local",
             "if": {"regime": "RU_152FZ", "dest_not": ["RU"]},
             "then": {"action": "deny", "code": 451}},
            {"id": "de-in", "if": {"origin": ["DE"], "dest": ["IN"]},
             "then": {"action": "flag"}},
            {"id": "no-sg", "if": {"dest": ["SG"]},
             "then": {"action": "deny", "code": 451}},
            {"id": "quebec", "if": {"regime": "CA_QC_L25"},
             "then": {"action": "allow"}},
            {"id": "argentina", "if": {"origin": ["AR", "CA"],
                                       "dest_not": ["US"]},
             "then": {"action": "flag"}}]),
    "expired": rules("V2", expires=TODAY,
                     on={"rules_expired": "unknown"},
                     unknown={"action": "allow"}),
    "expired-deny": rules("V2", expires="2026-11-01",
                          on={"rules_expired": "deny"}),
    "expired-keep": rules("V2", expires="2026-11-01"),
}


def load(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return json.load(file)


def by_hand():
    """The reference must agree with what was worked out without it."""

    cases = []

    for row in BY_HAND:
        tenant, recipient, destinations, attest = row[:4]

        for level, basis, why in (("V3",) + row[4:6], ("V2",) + row[-2:]):
            cases.append((level, {
                "today": TODAY, "declared": [tenant],
                "recipients": [recipient], "attest": attest.split(),
                "destinations": destinations.split(),
            }, {"basis": basis, "why": why}))

    return cases


def number(codes, chance):
    """Some number of any calling code or prefix, and what is none."""

    kind = chance.random()

    if kind < 0.08:
        return chance.choice(["", "+", "491512345678", "+0123456789",
                              "+49151234567890123", "+49", "015112345678",
                              "+1 201 555", "nobody"])
    if kind < 0.16:
        return chance.choice(["DE", "IN", "US", "BR", "XX", "KZ", "EU",
                              "CA"]) \
            + chance.choice([".1349", ".ENT.1349"])

    code = chance.choice(codes) if kind < 0.6 else chance.choice(
        [row for row in codes if row["cc"] in ("1", "7", "44", "590", "61")])
    prefix = chance.choice([code["cc"]] * 2
                           + [row["p"] for row in code.get("prefixes", [])])
    if code["cc"] == "1" and chance.random() < 0.3:
        prefix = chance.choice(["1514", "1604", "1403", "1201", "1902"])
    length = chance.randint(max(7, len(prefix)), 15)

    return "+" + prefix + "".join(chance.choice("0123456789")
                                  for _ in range(length - len(prefix)))


def random_day(chance, around=TODAY, days=2200):
    return (datetime.date.fromisoformat(around)
            + datetime.timedelta(chance.randint(-days, days))).isoformat()


def random_case(chance, law, codes, document):
    """Every feature now and then, most cases with few of them."""

    codes = [row for row in codes if row["cc"] not in ("379", "991", "999")]
    countries = [row["code"] for row in law["countries"]]
    known = ["DE", "FR", "IN", "US", "GB", "BR", "CN", "RU", "KZ", "CH", "CA",
             "VN", "TR", "AR", "JP", "KR", "HN", "SJ", "NC", "ID", "GG"]
    known = [code for code in known if code in countries]
    case = {"today": TODAY if chance.random() < 0.7
            else random_day(chance, days=chance.choice([2, 400, 9000]))}

    def some(most, likely):
        return [chance.choice(known if chance.random() < likely else countries)
                for _ in range(chance.randint(0, most))]

    case["declared"] = some(chance.choice([1, 1, 2]), 0.8)
    if chance.random() < 0.15:
        case["declared"].append(
            chance.choice([row["code"] for row in law["subdivisions"]]))
    if chance.random() < 0.01:
        case["declared"].append("CA-ZZ")
    case["hinted"] = some(chance.choice([0, 0, 1]), 0.6)
    if chance.random() < 0.02:
        case["hinted"].append(chance.choice(["XX", "ZZ", "T1", "EU"]))
    if chance.random() < 0.5:
        case["recipients"] = [number(codes, chance)
                              for _ in range(chance.choice([1, 1, 2, 5]))]
    if chance.random() < 0.15:
        case["states"] = [chance.choice(["private_ip", "db_missing",
                                         "db_stale", "no_recipient"])]

    attests = sorted(document.get("attestations", {})) + ["nobody_knows_it"]
    case["attest"] = chance.sample(attests, chance.choice(
        [0, chance.randint(0, len(attests)), len(attests)]))

    if chance.random() < 0.5:
        case["destinations"] = some(chance.choice([1, 1, 1, 3]), 0.7)
        return case

    regions = list(document.get("regions", {}))
    case["region"] = chance.choice(["auto", "auto", "mars"] + regions)
    case["path"] = chance.choice(PATHS)
    if chance.random() < 0.5:
        case["home"] = chance.choice(regions + ["mars"])
    if chance.random() < 0.5:
        case["allow"] = chance.sample(regions,
                                      chance.randint(0, len(regions)))
    return case


def scribble(chance, letters):
    return "".join(chance.choice(letters)
                   for _ in range(chance.randint(0, 7)))


def plain(path):
    """A path as a rules file may have it: one that a request can have."""

    return re.sub(r"([/*])\1+", r"\1", path).rstrip("/") or "/"


def there(law, origins):
    """The regimes of countries and of their areas."""

    return sorted({regime for row in law["countries"] + law["subdivisions"]
                   if row["code"][:2] in origins for regime in row["regimes"]})


def random_rules(chance, law):
    """A rules file over a law."""

    regimes = list(law["regimes"])
    countries = [row["code"] for row in law["countries"]]
    needed = {row["attest"] for row in law["decisions"] if "attest" in row}

    for row in law["restrictions"]:
        needed.update(row.get("satisfied_by", []))
        if "unless_attest" in row:
            needed.add(row["unless_attest"])

    attestations = {}
    names = chance.sample(sorted(needed), chance.randint(0, len(needed)))
    for kind in ("safeguards", "derogation"):
        names += chance.sample(
            [kind] + [kind + ":" + c for c in chance.sample(countries, 3)],
            chance.randint(0, 4))
    names = names[:60]
    chance.shuffle(names)

    for n, name in enumerate(names):
        row = {"expires": random_day(chance, days=chance.choice([1, 2000]))}
        if name.startswith(("safeguards", "derogation")):
            row["covers"] = chance.sample(regimes,
                                          chance.randint(1, len(regimes)))
        if chance.random() < 0.4:
            row["instrument"] = "paper %d" % chance.randint(1, 5)
        if chance.random() < 0.3:
            row["needs"] = chance.sample(names[:n], chance.randint(
                0, min(2, n)))
        attestations[name] = row

    action = lambda: chance.choice(transfer.ACTIONS)
    document = {
        "schema": 1, "version": "f",
        "data": {"jurisdictions": "j",
                 "min_level": chance.choice(["V1", "V2", "V3", "V3"])},
        "attestations": attestations,
        "regions": {"r%d" % n: {"country": chance.choice(countries),
                                "upstream": "u"}
                    for n in range(chance.randint(1, 6))},
        "subprocessors": {"p%d" % n: {
            "countries": [chance.choice(countries)],
            "paths": [plain("/" + scribble(chance, "aBb*/"))
                      for _ in range(2)]}
            for n in range(3)},
        "basis_action": {basis: action() for basis in transfer.BASES
                         if chance.random() < 0.4},
        "rules": [],
    }

    if chance.random() < 0.5:
        document["unknown"] = {"action": action()}
    if chance.random() < 0.5:
        document["on"] = {signal: chance.choice(["unknown", "deny",
                                                 "ignore_ip"])
                          for signal in transfer.ON
                          if chance.random() < 0.5}
    if chance.random() < 0.3:
        document["expires"] = random_day(chance, days=3)
        document.setdefault("on", {})["rules_expired"] = chance.choice(
            ["keep", "unknown", "deny"])
    if chance.random() < 0.3:
        document["deny"] = {"status": chance.choice([403, 451])}

    for n in range(chance.choice([0, 0, 1, 4])):
        where = {}
        if chance.random() < 0.4:
            where["origin"] = chance.sample(countries, 2)
        if chance.random() < 0.4:
            meet = there(law, where["origin"]) if "origin" in where \
                else regimes
            if meet:
                where["regime"] = chance.choice(meet)
        if chance.random() < 0.6 or not where:
            where[chance.choice(["dest", "dest_not"])] \
                = chance.sample(countries, 3)
        then = {"action": action()}
        if then["action"] == "deny" and chance.random() < 0.5:
            then["code"] = chance.choice([403, 451])
        document["rules"].append({"id": "x%d" % n, "if": where, "then": then})

    return document


def inherit(regimes, regime, parent):
    """As far as a law may: from one that does not, and that is not it."""

    heirs = [row.get("inherits_decisions_from") for row in regimes.values()]

    if regimes[parent] is not regime \
       and "inherits_decisions_from" not in regimes[parent] \
       and not any(name and regimes[name] is regime for name in heirs):
        regime["inherits_decisions_from"] = parent


def random_law(chance, real):
    """The real law bent: rows dated, dropped, moved, restrictions made up."""

    law = json.loads(json.dumps(real))
    regimes = list(law["regimes"])
    countries = [row["code"] for row in law["countries"]]

    for regime in law["regimes"].values():
        if chance.random() < 0.1:
            regime["reach"] = chance.choice(["establishment", "targeting"])
        if chance.random() < 0.1:
            regime["transfer_model"] = chance.choice(
                ["none", "negative_list", "mixed", "localisation"])
        if chance.random() < 0.05:
            inherit(law["regimes"], regime, chance.choice(regimes))
        if chance.random() < 0.05:
            regime["group"] = True

    for place in law["countries"] + law["subdivisions"]:
        if chance.random() < 0.1:
            place["regimes"] = chance.sample(regimes, chance.randint(1, 4))
        if chance.random() < 0.1:
            place["consent_default"] = chance.choice(["opt_in", "opt_out"])
        if chance.random() < 0.1:
            place.pop("min_age", None)
        if chance.random() < 0.1:
            place.pop("consent_default", None)

    chance.shuffle(law["decisions"])
    del law["decisions"][:chance.randint(0, 200)]
    have = {(row["from"], row["to"]) for row in law["decisions"]}

    for row in law["decisions"]:
        if chance.random() < 0.1:
            row["since"] = random_day(chance, days=3)
        if chance.random() < 0.1:
            row["until"] = random_day(chance, days=3)
        if row.get("until", "9") <= row.get("since", ""):
            row.pop("since")
        if chance.random() < 0.1:
            row["verified"] = chance.choice(["V1", "V2", "V3"])
        if chance.random() < 0.1:
            row["basis"] = chance.choice(["local", "adequate",
                                          "adequate_scoped"])
        if row["basis"] != "adequate_scoped":
            row.pop("attest", None)
        elif chance.random() < 0.5:
            row["attest"] = "a%d" % chance.randint(1, 5)

    for _ in range(chance.randint(0, 300)):
        pair = (chance.choice(regimes), chance.choice(countries))
        if pair not in have:
            have.add(pair)
            law["decisions"].append({
                "from": pair[0], "to": pair[1], "verified": "V2",
                "basis": chance.choice(["local", "adequate"]),
                "instrument": "made up"})

    for n in range(chance.randint(0, 25)):
        law["restrictions"].append({
            "id": "z%d" % chance.randint(0, 999999),
            "origin_regime": chance.choice(regimes),
            "to": "*" if chance.random() < 0.4
            else chance.sample(countries, 20),
            "effect": chance.choice(["blocked", "local_first", "local_copy",
                                     "formal", "formal"]),
            "satisfied_by": ["a%d" % chance.randint(1, 5)
                             for _ in range(chance.randint(0, 2))]})

    ids = [row["id"] for row in law["restrictions"]]
    law["restrictions"] = [row for n, row in enumerate(law["restrictions"])
                           if row["id"] not in ids[:n]]
    chance.shuffle(law["restrictions"])
    return law


def answered(law, numbers, document, name, case):
    expect = transfer.decide(law, numbers, document, case)
    return dict({"rules": name}, **case, expect=expect)


def vectors():
    law, codes = load("jurisdictions.json"), load("calling-codes.json")
    laws = {name: transfer.Law(law, document["data"]["min_level"])
            for name, document in RULES.items()}
    numbers = transfer.Numbers(codes)
    cases = []

    for name, case, known in by_hand():
        case = answered(laws[name], numbers, RULES[name], name, case)
        if any(case["expect"][member] != known[member] for member in known):
            sys.exit("by hand: %s, by the reference: %s" % (known, case))
        cases.append(case)

    # a few of each kind: most random questions have the answer "none"

    chance = random.Random(20261122)
    kinds = {}

    for n in range(20000):
        name = chance.choice(sorted(RULES))
        case = random_case(chance, law, codes["codes"], RULES[name])
        case = answered(laws[name], numbers, RULES[name], name, case)
        kind = tuple(case["expect"][member]
                     for member in ("verdict", "basis", "rule"))
        kind += ("-" in case["expect"]["why"].partition(",")[0][1:],)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] <= 12:
            cases.append(case)

    cases.sort(key=lambda case: case["rules"])

    return {"rules": RULES, "cases": cases}


def check():
    law, codes = load("jurisdictions.json"), load("calling-codes.json")
    numbers = transfer.Numbers(codes)
    other = 0

    with open(FILE, encoding="utf-8") as file:
        stored = json.load(file)

    laws = {name: transfer.Law(law, document["data"]["min_level"])
            for name, document in stored["rules"].items()}

    for case in stored["cases"]:
        name = case["rules"]
        expect = transfer.decide(laws[name], numbers, stored["rules"][name],
                                 case)
        if expect != case["expect"]:
            print("%s\nis now\n%s" % (json.dumps(case), json.dumps(expect)))
            other += 1

    if other:
        sys.exit("%d differ: t/reference/vectors.py --write, if that is right"
                 % other)


def text(found):
    lines = ",\n".join(json.dumps(case) for case in found["cases"])
    names = ",\n".join('"%s": %s' % (name, json.dumps(document))
                       for name, document in found["rules"].items())
    return '{ "rules": {\n%s },\n"cases": [\n%s ] }\n' % (names, lines)


def fuzz(seed, n, path):
    """Half of the rules over the law that is shipped, half over bent ones."""

    real, codes = load("jurisdictions.json"), load("calling-codes.json")
    numbers = transfer.Numbers(codes)
    chance = random.Random(seed)
    laws, documents, cases = {}, {}, []

    for i in range(max(1, n // 100)):
        name = "f%d" % i
        law = real
        if i % 2:
            law = laws[name] = random_law(chance, real)
        documents[name] = random_rules(chance, law)
        compiled = transfer.Law(law, documents[name]["data"]["min_level"])
        for _ in range(100):
            case = random_case(chance, law, codes["codes"], documents[name])
            if "path" in case:
                case["path"] = "/" + scribble(chance, "abA/")
            cases.append(answered(compiled, numbers, documents[name], name,
                                  case))

    with open(path, "w", encoding="utf-8") as file:
        json.dump({"laws": laws, "rules": documents, "cases": cases}, file)


def main():
    what = sys.argv[1:]

    if what == ["--write"]:
        found = text(vectors())
        with open(FILE, "w", encoding="utf-8") as file:
            file.write(found)

    elif what == ["--check"]:
        check()

    elif len(what) == 4 and what[0] == "--fuzz":
        fuzz(int(what[1]), int(what[2]), what[3])

    else:
        sys.exit(__doc__)


main()
