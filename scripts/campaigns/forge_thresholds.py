"""Can thresholds prove what is false?  A search for proofs, legal ones and forged ones, before both verifiers.

    python scripts/campaigns/forge_thresholds.py --count 20000 --first 0

Small nets of both kinds, a claim that they have one subgradient, up to three random thresholds, the relu rule
on every literal: an exact solver of literals and linear arithmetic finds lemmas and a derivation wherever there
are any.  Half of the arguments break a rule of ``thresholds``: an entry names its own threshold or a later one, or
takes the zero form.  A finding is a legal proof of a false claim, a legal proof that a verifier rejects, or a forged
one that it accepts; the exit status is 1 then.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))

from forging.search import search
from support.both_verifiers import first
from support.forging import Attempt, attempt
from support.second_verifier import verdict


def judged(found: Attempt, folder: Path) -> tuple[str, str | None]:
    """What became of an attempt, and what is wrong, or None."""
    kind = f"{'legal' if found.legal else 'forged'}, {'true' if found.unique else 'false'} claim"
    if found.claim is None:
        return f"{kind}: no proof", None
    data = json.dumps(found.claim).encode()
    answers = first(found.net, data, folder), verdict(found.net, data)
    wanted = "verified" if found.legal else "rejected"
    if found.legal and not found.unique:
        return f"{kind}: proved", f"a proof of what is false; the verifiers say {answers}"
    return f"{kind}: proved, {wanted}", None if answers == (wanted, wanted) else f"the verifiers say {answers}"


if __name__ == "__main__":
    sys.exit(search(__doc__, "attempts", 20_000, attempt, judged))
