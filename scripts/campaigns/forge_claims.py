"""Can an argument prove a false claim?  A search for proofs about minima, regions, bounds and two nets.

    python scripts/campaigns/forge_claims.py --count 6000 --first 0

Small nets, claims that are true or false, random constraints, points and half-spaces, the relu rule on every literal:
an exact solver of literals and linear arithmetic finds lemmas and a derivation wherever the opening clauses have any,
whether the half-space is allowed and the constraints hold at the point or not.  Whether a claim is true is found by
enumeration or at many points (tests/support/claims_judged.py).  A finding is a false claim that a verifier accepts, or
one about which the two differ; the exit status is 1 then.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))

from forging.search import search
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


if __name__ == "__main__":
    sys.exit(search(__doc__, "claims", 6_000, forgery, judged))
