"""Make a benchmark set: a folder of nets with known answers, and its manifest.

    python scripts/data/make_benchmark_set.py                       # writes instances/benchmark/
    python scripts/data/make_benchmark_set.py --check               # exit 1 if a file on the disk differs
    python scripts/data/make_benchmark_set.py --decide --jobs 2     # exit 1 if a verdict is not the known one
    python scripts/data/make_benchmark_set.py --from my_set.json --folder my_set

A set is a list of entries, ``{"sets": [...]}``; the curated one is ``benchmark_set.json`` beside this script:

    {"about": "...", "family": "3sat", "parameters": {"variables": [50, 100], "ratio": "4.26"},
     "seeds": [0, 1, 2], "obfuscate": ["unimodular", "rescale"]}

``parameters`` are those of ``generate FAMILY``; a list of values stands for one net each, several lists for all
their combinations.  ``obfuscate`` names steps of the ``obfuscate`` command, in their order.  The bytes are the same
on every machine.  The manifest says of each net its family, parameters, seed, steps, verdict, how the verdict is
known, inputs, kinks, bytes and digest.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from subgrad_hardness import check_many, generate, obfuscate
from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.files import write_files, written_folder
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.writing import dumps

HERE = Path(__file__).resolve().parent
SPECIFICATION = HERE / "benchmark_set.json"
FOLDER = HERE.parents[1] / "instances" / "benchmark"

_KEYS = {"about", "family", "parameters", "seeds", "obfuscate"}


class Entry(NamedTuple):
    """One net of a set."""

    about: str
    family: str
    parameters: dict[str, Any]
    seed: int | None
    steps: tuple[str, ...]

    @property
    def name(self) -> str:
        """The file's name without ``.json``: the family, the parameters' values, the seed, the steps."""
        words = [self.family]
        for parameter, value in self.parameters.items():
            if value is True:
                words.append(parameter)
            elif value is not False and value is not None:
                words.append(str(value).replace("/", "over"))
        if self.seed is not None:
            words.append(f"s{self.seed}")
        return "-".join([*words, *self.steps]).replace("_", "-")

    def program(self) -> Program:
        """The net.  Raises ParameterError."""
        seed = {} if self.seed is None else {"seed": self.seed}
        program = generate(self.family, **self.parameters, **seed)
        if self.steps:
            program = obfuscate(program, self.steps, seed=self.seed or 0)
        return program._replace(name=self.name)


def entries(specification: Mapping[str, Any]) -> Iterator[Entry]:
    """All nets of a set, in its order.  Raises ValueError for a key that nobody knows."""
    for number, group in enumerate(specification["sets"]):
        if strange := sorted(set(group) - _KEYS):
            raise ValueError(f"sets[{number}]: unknown key {strange[0]}")
        given: dict[str, Any] = group.get("parameters", {})
        values = [value if isinstance(value, list) else [value] for value in given.values()]
        seeds: list[int | None] = group.get("seeds", [None])
        for *chosen, seed in product(*values, seeds):
            parameters = dict(zip(given, chosen, strict=True))
            steps = tuple(group.get("obfuscate", ()))
            yield Entry(group.get("about", ""), group["family"], parameters, seed, steps)


def described(entry: Entry, program: Program, text: str) -> dict[str, Any]:
    """The line of the manifest."""
    facts = program.provenance or {}
    return {
        "file": f"{entry.name}.json",
        "about": entry.about,
        "family": facts["family"],
        "parameters": entry.parameters,
        "seed": entry.seed,
        "obfuscated": list(entry.steps),
        "verdict": facts["verdict"],
        "known_by": facts["known_by"],
        "inputs": program.input_count,
        "kinks": len(localise(program).kink_units),
        "bytes": len(text.encode("utf-8")),
        "digest": program.digest,
    }


def files(specification: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """File names and texts, the manifest last.  Raises ValueError, naming the net."""
    manifest: list[dict[str, Any]] = []
    names: set[str] = set()
    seeds: dict[tuple[object, ...], str] = {}  # the net of a digest among those that differ in their seeds alone
    for entry in entries(specification):
        if entry.name in names:
            raise ValueError(f"two nets are called {entry.name}")
        names.add(entry.name)
        try:
            program = entry.program()
        except InputError as problem:
            raise ValueError(f"{entry.name}: {problem}") from None
        same = (entry.family, repr(entry.parameters), entry.steps, program.digest)
        if (other := seeds.setdefault(same, entry.name)) != entry.name:
            raise ValueError(f"{entry.name}: the same net as {other}: the seed changes nothing")
        text = dumps(program)
        manifest.append(described(entry, program, text))
        yield f"{entry.name}.json", text
    yield "manifest.json", write_json({"version": 1, "instances": manifest}, indent=1) + "\n"


def write(specification: Mapping[str, Any], folder: Path) -> int:
    """Write the set, all files or none; those of another set in the folder stay.  Returns the exit status."""
    count = size = 0

    def contents() -> Iterator[tuple[Path, bytes]]:
        nonlocal count, size
        for name, text in files(specification):
            yield folder / name, text.encode("utf-8")
            count, size = count + 1, size + len(text)
            if sys.stderr.isatty():
                print(f"\r{count} files, {size / 1e6:.1f} MB", end="", file=sys.stderr, flush=True)

    with written_folder(folder):
        write_files(contents())
    print(f"\r{count} files, {size / 1e6:.1f} MB, written to {folder}", file=sys.stderr)
    return 0


def compare(specification: Mapping[str, Any], folder: Path) -> int:
    """Whether the folder holds this set and nothing else, byte for byte.  Returns the exit status."""
    left = {path.name for path in folder.glob("*")}
    wrong = []
    count = 0
    for name, text in files(specification):
        count += 1
        if name not in left or (folder / name).read_bytes() != text.encode("utf-8"):
            wrong.append(name)
        left.discard(name)
    wrong += sorted(left)
    if wrong:
        print(f"not as the script makes them: {', '.join(wrong)}", file=sys.stderr)
        return 1
    print(f"{count} files as expected")
    return 0


def decide(folder: Path, jobs: int, time_limit: float) -> int:
    """Decide every net of a folder's manifest, with a certificate, and compare.  Returns the exit status."""
    if not (folder / "manifest.json").is_file():
        raise ValueError("no manifest.json there: make the set first, without --decide")
    manifest = json.loads((folder / "manifest.json").read_bytes())["instances"]
    known = {str(folder / entry["file"]): entry["verdict"] for entry in manifest}
    counts = {"right": 0, "certified": 0, "undecided": 0, "wrong": 0, "not known before": 0}
    rows: list[tuple[float, str, str, str]] = []
    for result in check_many(list(known), jobs=jobs, time_limit=time_limit):
        answer = result.result
        verdict = "unknown" if answer is None else answer.verdict
        expected = known[result.net]
        if answer is None or verdict == "unknown":
            counts["undecided"] += 1
        elif expected is None:
            counts["not known before"] += 1
        else:
            counts["right" if verdict == expected else "wrong"] += 1
        if answer is not None:
            counts["certified"] += bool(answer.certified)
            rows.append((answer.seconds, Path(result.net).stem, verdict, str(answer.solver)))
        if answer is None or verdict not in (expected, "unknown") or not answer.certified:
            print(f"{Path(result.net).name}: {verdict}, known: {expected}; {result.error or ''}", file=sys.stderr)
    print("| net | verdict | solver | seconds |\n|---|---|---|---|")
    for seconds, name, verdict, solver in sorted(rows, reverse=True)[:20]:
        print(f"| {name} | {verdict} | {solver} | {seconds:.2f} |")
    print(f"\n{len(known)} nets: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    return int(counts["wrong"] > 0 or counts["undecided"] > 0)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="specification", metavar="FILE", type=Path, default=SPECIFICATION)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file differs or is left over")
    what.add_argument("--decide", action="store_true", help="decide the nets of the folder and compare the verdicts")
    parser.add_argument("--jobs", type=int, default=1, help="processes that decide (default 1)")
    parser.add_argument("--time-limit", type=float, default=300.0, help="of each net, in seconds (default 300)")
    options = parser.parse_args(arguments)
    try:
        if options.decide:
            return decide(options.folder, options.jobs, options.time_limit)
        specification = json.loads(options.specification.read_bytes())
        return (compare if options.check else write)(specification, options.folder)
    except (OSError, ValueError, KeyError) as problem:
        print(f"{options.folder if options.decide else options.specification}: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
