"""Can thresholds prove what is false?  A search for proofs, legal ones and forged ones, before both verifiers.

    python scripts/campaigns/forge_thresholds.py --count 20000 --first 0

Small nets of both kinds, a claim that they have one subgradient, up to three random thresholds, the relu rule
on every literal: an exact solver of literals and linear arithmetic finds lemmas and a derivation wherever there
are any.  Half of the arguments break a rule of ``thresholds``: an entry names its own threshold or a later one, or
takes the zero form.  A finding is a legal proof of a false claim, a legal proof that a verifier rejects, or a forged
one that it accepts; the exit status is 1 then.
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


def main() -> int:
    """Run the search and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", metavar="N", type=int, default=20_000, help="attempts (default: 20000)")
    parser.add_argument("--first", metavar="N", type=int, default=0, help="the first one's seed (default: 0)")
    options = parser.parse_args()
    if options.count < 1:
        parser.error("--count takes a positive number")
    counts: Counter[str] = Counter()
    findings = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.first, options.first + options.count):
            found = attempt(seed)
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
