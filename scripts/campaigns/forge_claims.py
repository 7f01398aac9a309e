"""Can an argument prove a false claim?  A search for proofs about minima, regions, bounds and two nets.

    python scripts/campaigns/forge_claims.py --count 6000 --first 0

Small nets, claims that are true or false, random constraints, points and half-spaces, the relu rule on every literal:
an exact solver of literals and linear arithmetic finds lemmas and a derivation wherever the opening clauses have any,
whether the half-space is allowed and the constraints hold at the point or not.  Whether a claim is true is found by
enumeration or at many points (tests/support/claims_judged.py).  A finding is a false claim that a verifier accepts, or
one about which the two differ; the exit status is 1 then.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))

from support.both_verifiers import first
from support.forging_claims import Forgery, forgery
from support.second_verifier import verdict


def judged(found: Forgery, folder: Path) -> tuple[str, str | None]:
    """What became of a claim, and what is wrong, or None."""
    truth = "true" if found.true else "false"
    if found.claim is None:
        return f"{truth}: no proof", None
    net, data = json.dumps(found.net).encode(), json.dumps(found.claim).encode()
    other = None if found.other is None else json.dumps(found.other).encode()
    answers = first(net, data, folder, other), verdict(net, data, other_data=other)
    kind = f"{truth} {found.claim['kind']}{' with half' if found.claim['argument']['half'] else ''}"
    if answers[0] != answers[1] or (answers[0] == "verified" and not found.true):
        return f"{kind}: {answers[0]}", f"{kind}; the verifiers say {answers}"
    return f"{kind}: {answers[0]}", None


def main() -> int:
    """Run the search and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", metavar="N", type=int, default=6_000, help="claims (default: 6000)")
    parser.add_argument("--first", metavar="N", type=int, default=0, help="the first one's seed (default: 0)")
    options = parser.parse_args()
    if options.count < 1:
        parser.error("--count takes a positive number")
    counts: Counter[str] = Counter()
    findings = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.first, options.first + options.count):
            found = forgery(seed)
            outcome, wrong = ("nothing to argue about", None) if found is None else judged(found, Path(folder))
            counts[outcome] += 1
            if wrong is not None:
                findings += 1
                print(f"FINDING seed {seed}: {wrong}", flush=True)
    for outcome, count in sorted(counts.items()):
        print(f"{count:>8}  {outcome}")
    print(f"{findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
