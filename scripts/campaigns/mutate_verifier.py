"""Does a test turn red if a check of the verifier is taken away?  Mutation testing of the verifier itself.

    python scripts/campaigns/mutate_verifier.py                       # all files, about a second a fault
    python scripts/campaigns/mutate_verifier.py --file logic.py       # one file
    python scripts/campaigns/mutate_verifier.py --only "known"        # faults whose description holds this text
    python scripts/campaigns/mutate_verifier.py --list                # print the faults, run nothing

Puts one small fault at a time into a copy of the package: a ``raise`` or a call left out, a condition taken
for true or for false, an operand of "and" or "or" dropped, a comparison relaxed or turned, a sign or a number
changed.  Every copy is run against the proof corpus (tests/certificate/test_corpus.py), and against the other
tests of the verifier where the corpus does not notice.  A fault that no test notices is a survivor: exit 1, unless
``mutating/equivalent.py`` says why it cannot matter.  A copy that takes too long counts as noticed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mutating.equivalent import EQUIVALENT
from mutating.mutations import Mutation, mutations

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATE = Path("subgrad_hardness") / "certificate"
OF_CLAIMS = ("statement.py", "claims.py", "checked.py", "tree.py", "chords.py", "goals.py", "derived.py")
FILES = (
    *("verifier.py", "matrices.py", "localised.py", "logic.py", "definitions.py"),
    *("levels.py", "diagrams.py", "refutation.py", "argument.py", "format.py", "smooth.py"),
    *OF_CLAIMS,
)
TESTS = ROOT / "tests"

#: What is run, one after the other, until something fails.
CLAIMS = [str(TESTS / "certificate" / "test_claims_corpus.py"), "-k", "test_first"]
CORPUS = [str(TESTS / "certificate" / "test_corpus.py"), *CLAIMS]
OTHERS = [
    str(next(TESTS.rglob(f"test_{name}.py")))
    for name in (
        "verifier",
        "refutation",
        "bent",
        "forged_objects",
        "verifier_work",
        "written_proofs",
        "derived",
        "statements",
        "chords",
        "level_steps",
    )
]


class Copy:
    """A copy of the package, to be damaged."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self.folder, self.seconds = folder, seconds
        shutil.copytree(
            ROOT / "subgrad_hardness", folder / "subgrad_hardness", ignore=shutil.ignore_patterns("__pycache__")
        )

    def put(self, file: str, source: str) -> None:
        """Replace a file, and what Python compiled from it."""
        path = self.folder / CERTIFICATE / file
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
            compiled.unlink()
        path.write_text(source, encoding="utf-8")

    def passes(self, tests: list[str]) -> bool:
        """Whether all of these tests pass in time with the copy in place of the package."""
        options = ["-x", "-q", "--no-header", "--noconftest", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        try:
            return self._run(command).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def is_used(self) -> bool:
        """Whether Python takes the verifier from here."""
        module = "subgrad_hardness.certificate.verifier"
        done = self._run([sys.executable, "-c", f"import {module}; print({module}.__file__)"])
        return Path(done.stdout.decode().strip()).is_relative_to(self.folder)

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[bytes]:
        path = [str(self.folder), str(TESTS)]
        # Without plugins, which these tests do not use, a run takes half the time.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, timeout=self.seconds, check=False
        )


def all_mutations(files: list[str], only: str, *, written: bool = True) -> Iterator[tuple[str, Mutation]]:
    """File and fault."""
    for file in files:
        for mutation in mutations((ROOT / CERTIFICATE / file).read_text(encoding="utf-8"), written=written):
            if only in described(file, mutation):
                yield file, mutation


def described(file: str, mutation: Mutation) -> str:
    """One line about a fault."""
    return f"{file}:{mutation.line} {mutation.function}: {mutation.what}"


def stale() -> list[str]:
    """Entries of ``EQUIVALENT`` that do not name exactly one fault."""
    names = Counter(
        (file, mutation.function, mutation.what) for file, mutation in all_mutations(list(FILES), "", written=False)
    )
    return [": ".join(entry) for entry in EQUIVALENT if names[entry] != 1]


def verdict(copy: Copy, file: str, mutation: Mutation) -> str:
    """Who notices the fault: the corpus, another test, nobody; or nobody has to."""
    try:
        copy.put(file, mutation.source)
        if not copy.passes(CLAIMS if file in OF_CLAIMS else CORPUS):
            return "noticed by the corpus"
        if (file, mutation.function, mutation.what) in EQUIVALENT:
            return "equivalent"
        return "SURVIVOR" if copy.passes(OTHERS) else "noticed by other tests only"
    finally:
        copy.put(file, (ROOT / CERTIFICATE / file).read_text(encoding="utf-8"))


def main() -> int:
    """Run the faults and print who notices them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", choices=FILES, action="append", help="only this file (may be repeated)")
    parser.add_argument("--only", metavar="TEXT", default="", help="only faults whose description holds TEXT")
    parser.add_argument("--timeout", metavar="S", type=float, default=60.0, help="seconds for one run (default: 60)")
    parser.add_argument("--list", action="store_true", help="print the faults and run nothing")
    options = parser.parse_args()
    files = options.file or list(FILES)
    listed = [described(*each) for each in all_mutations(files, options.only, written=False)]
    if not listed:
        parser.error(f"no fault holds {options.only!r}")
    if options.list:
        print("\n".join(listed))
        return 0
    if wrong := stale():
        print(f"equivalent.py: names no fault, or more than one: {wrong[0]}", file=sys.stderr)
        return 2
    chosen, counts = list(all_mutations(files, options.only)), Counter[str]()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder).resolve(), options.timeout)
        if not copy.is_used() or not copy.passes(CORPUS):
            print("the tests do not pass with an undamaged copy of the package", file=sys.stderr)
            return 2
        for number, (file, mutation) in enumerate(chosen, start=1):
            answer = verdict(copy, file, mutation)
            counts[answer] += 1
            if answer != "noticed by the corpus":
                print(f"{answer}: {described(file, mutation)}", flush=True)
            left = (time.monotonic() - start) / number * (len(chosen) - number)
            print(f"\r{number} of {len(chosen)}, about {left:.0f} s left ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"{len(chosen)} faults in {time.monotonic() - start:.0f} s")
    for answer, count in counts.most_common():
        print(f"{count:6} {answer}")
    return 1 if counts["SURVIVOR"] else 0


if __name__ == "__main__":
    sys.exit(main())
