"""Thousands of damaged certificates: none that proves nothing may pass.

    python scripts/campaigns/mutate_certificates.py --count 60000 --seed 1 --jobs 2 --state mutants.json

Mutants of the corpus's true certificates and of certificates that the engines write for random nets:
numbers, lists, steps and bytes changed, arguments spliced and lent to other nets, nets changed under their
proofs.  Every mutant goes to both verifiers, which have to agree.  One that they accept has to state the
verdict that the exhaustive enumeration of cells gives for its net (or the known one where that is too
much).  Everything else, a crash too, is a finding: it is saved to a folder, and the exit status is 1.

With --holding KEY (thresholds, say) they are mutants of those certificates of the corpus that have such steps.
With --claims they are mutants of claims about subdifferentials, regions and two nets (section 10 of the document), and
whether one is true is found by enumeration, or by evaluation at many points (tests/support/claims_judged.py).
With --state the work goes on where the last run ended, and its counts are added up.
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))

from mutating import claims
from mutating.campaign import Finding, Tally, run
from mutating.mutators import KEYS

from subgrad_hardness.common.files import OutputError, write_text
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.writing import dumps

#: Mutants in one piece of work.
CHUNK = 100
#: What a state says that it holds if it is about claims.
CLAIMS = "claims"
OUTCOMES = ("unreadable", "rejected", "verified", "crash")


class State:
    """What was done so far: the number of chunks, and the counts of (kind, outcome)."""

    def __init__(self, file: Path | None, seed: int, holding: str | None) -> None:
        self.file, self.seed, self.holding = file, seed, holding
        self.chunks = self.findings = 0
        self.counts: Counter[tuple[str, str]] = Counter()
        if file is not None and file.exists():
            self._read(file)

    def _read(self, file: Path) -> None:
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            self.chunks, self.findings = int(data["chunks"]), int(data["findings"])
            self.counts = Counter({(kind, outcome): int(count) for kind, outcome, count in data["counts"]})
            seed, holding = data["seed"], data.get("holding")
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise ValueError(f"{file}: not a state of this campaign ({type(problem).__name__})") from None
        if seed != self.seed:
            raise ValueError(f"{file}: the state of a campaign with the seed {seed}, not {self.seed}")
        if holding != self.holding:
            raise ValueError(f"{file}: the state of a campaign on other certificates (holding {holding})")

    def add(self, tally: Tally) -> None:
        """One chunk more, on the disk too."""
        self.chunks += 1
        self.counts += tally.counts
        self.findings += len(tally.findings)
        if self.file is not None:
            counts = [[kind, outcome, count] for (kind, outcome), count in sorted(self.counts.items())]
            data: dict[str, Any] = {"seed": self.seed, "holding": self.holding}
            data |= {"chunks": self.chunks, "findings": self.findings}
            write_text(self.file, write_json({**data, "counts": counts}, indent=1) + "\n")

    def table(self) -> str:
        """Mutants by kind and outcome."""
        kinds = sorted({kind for kind, _ in self.counts})
        lines = [f"{'':12}{'mutants':>10}" + "".join(f"{outcome:>12}" for outcome in OUTCOMES)]
        for kind in [*kinds, "all"]:
            row = [sum(n for (k, o), n in self.counts.items() if kind in (k, "all") and o == out) for out in OUTCOMES]
            lines.append(f"{kind:12}{sum(row):>10}" + "".join(f"{count:>12}" for count in row))
        return "\n".join(lines)


def save(finding: Finding, folder: Path, number: int) -> Path:
    """Net, certificate and what is wrong, in a folder of their own."""
    place = folder / f"finding-{number}"
    place.mkdir(parents=True, exist_ok=True)
    write_text(place / "net.json", dumps(finding.mutant.net))
    if finding.mutant.other is not None:
        write_text(place / "other.json", dumps(finding.mutant.other))
    (place / "certificate.json").write_bytes(finding.mutant.data)
    write_text(place / "why.txt", f"{finding.mutant.kind}: {finding.why}\n")
    return place


def tallies(seed: int, chunks: range, jobs: int, holding: str | None) -> Iterator[Tally]:
    """The chunks' results, in their order."""
    if holding == CLAIMS:
        work = functools.partial(claims.run, seed, size=CHUNK)
    else:
        work = functools.partial(run, seed, size=CHUNK, holding=holding)
    if jobs == 1:
        yield from map(work, chunks)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(work, chunks)


def main() -> int:
    """Run the campaign and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", metavar="N", type=int, default=60_000, help="mutants in this run (default: 60000)")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="another seed, other mutants (default: 0)")
    parser.add_argument("--holding", metavar="KEY", choices=KEYS, help="mutants of corpus certificates with such steps")
    parser.add_argument(
        "--claims", action="store_const", dest="holding", const=CLAIMS, help="mutants of claims instead"
    )
    parser.add_argument("--jobs", metavar="N", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--state", metavar="FILE", type=Path, help="go on from this file, and keep the counts in it")
    parser.add_argument("--findings", metavar="FOLDER", type=Path, default=Path("findings"), help="where findings go")
    options = parser.parse_args()
    if options.count < 1 or options.jobs < 1:
        parser.error("--count and --jobs take positive numbers")
    try:
        state = State(options.state, options.seed, options.holding)
    except ValueError as problem:
        parser.error(str(problem))
    chunks = range(state.chunks, state.chunks + -(-options.count // CHUNK))
    start, found = time.monotonic(), 0
    try:
        for done, tally in enumerate(tallies(options.seed, chunks, options.jobs, options.holding), start=1):
            for finding in tally.findings:
                found += 1
                place = save(finding, options.findings, state.findings + found)
                print(f"FINDING {place}: {finding.why}", flush=True)
            state.add(tally)
            left = (time.monotonic() - start) / done * (len(chunks) - done)
            print(f"\r{done * CHUNK} mutants, about {left:.0f} s left ", end="", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("\ninterrupted; the finished chunks count", file=sys.stderr)
        return 130
    except OutputError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 74
    print(file=sys.stderr)
    print(state.table())
    print(f"{state.findings} findings; this run took {time.monotonic() - start:.0f} s")
    return 1 if state.findings else 0


if __name__ == "__main__":
    sys.exit(main())
