#!/usr/bin/env python3
"""Decides the transfers of a ledger again, by the reference in transfer.py.

usage: t/reference/replay.py RULES FILE ...

Prints what differs and how many transfers there were; 1 if any differs.
docs/formats.md names the fields.
"""

import hashlib
import json
import os
import sys

sys.dont_write_bytecode = True

import transfer  # noqa: E402

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
LAW = os.path.join(TOP, "ngx_xpecto_module", "data", "jurisdictions.json")


def digest(*names):
    both = hashlib.sha256()
    for name in names:
        with open(name, "rb") as file:
            both.update(file.read())
    return both.hexdigest()[:32]


def load(name):
    with open(name, encoding="utf-8") as file:
        return json.load(file)


def again(law, rules, line):
    declared = set(line["declared"].split())
    origins = declared | set(line["hinted"].split() + line["areas"].split())
    facts = (declared, origins, line["unknown"] or not origins,
             line["forbidden"])
    case = {"today": line["day"], "attest": line["attests"].split()}

    found = transfer.decide_for(law, rules, case, facts,
                                set(line["destinations"].split()))
    found["action"] = found.pop("verdict")

    return {name: "" if value == "-" else value
            for name, value in found.items()}


def main():
    rules = load(sys.argv[1])
    law = transfer.Law(load(LAW), rules["data"]["min_level"])
    documents = digest(sys.argv[1], LAW)
    transfers, bad = 0, 0

    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            for text in file:
                line = json.loads(text)
                if line["event"] != "transfer":
                    continue

                transfers += 1
                found = again(law, rules, line)
                said = {member: line[member] for member in found}

                where = "%s:%s" % (line["chain"], line["seq"])

                # by other rules the answer may well be another one

                if line["rules"] != rules["version"] \
                   or line["digest"] != documents:
                    print("%s: decided by rules %s, digest %s, not by rules "
                          "%s, digest %s"
                          % (where, line["rules"], line["digest"],
                             rules["version"], documents))
                    bad += 1

                elif said != found:
                    names = sorted(name for name in found
                                   if said[name] != found[name])
                    print("%s: said %s, the reference %s"
                          % (where, {name: said[name] for name in names},
                             {name: found[name] for name in names}))
                    bad += 1

    print("%d transfers, %d differ" % (transfers, bad))
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
