"""Write tests/certificates/: true certificates, false ones, and files that are none, with a manifest.

    python scripts/data/make_corpus.py            # writes what is missing or differs
    python scripts/data/make_corpus.py --check    # exit 1 if a file on the disk differs or is left over
    python scripts/data/make_corpus.py --renew    # asks the engines for all proofs anew

The tables are in ``scripts/data/corpus/``.  What engines and families once wrote (``sources`` below) stays as
it is, unless --renew is given: a solver's proof changes with its version, and old certificates have to
stay good.  Everything else is made from the tables and these files, the same bytes on every machine.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))

from corpus import arguments, claims, forgeries, levels, matrices, smooth, steps, systematic, thresholds
from corpus.by_hand import BY_HAND
from corpus.cases import NEW_DISTINCT, NEW_UNIQUE, Case
from corpus.nets import FAMILY_NAMES, HAND, family_nets
from corpus.noise import noise
from corpus.truths import PROOFS, Proof

from subgrad_hardness.certificate.argument import ARGUMENT_KEYS
from subgrad_hardness.certificate.format import FORMAT, KINDS, VERSION, load_certificate
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load, program_from
from subgrad_hardness.net.writing import dumps

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "certificates"
Files = dict[str, bytes]


class Sources(NamedTuple):
    """The nets by name and the engines' certificates by name."""

    nets: dict[str, Program]
    proofs: dict[str, dict[str, Any]]


def sources(renew: bool) -> Sources:
    """From the tables where they say all, else from the disk; what is not there, or ``renew``, is made."""
    nets = {net.name: program_from(net.net) for net in HAND}
    made = {name: FOLDER / "nets" / f"{name}.json" for name in FAMILY_NAMES}
    if renew or not all(file.exists() for file in made.values()):
        nets |= {name: program_from(net.net) for name, net in family_nets().items()}
    else:
        nets |= {name: load(file) for name, file in made.items()}
    proofs = {}
    for proof in PROOFS.values():
        if proof.name in BY_HAND:
            claim = {"digest": nets[proof.net].digest, **BY_HAND[proof.name].parts}
            proofs[proof.name] = load_certificate(_new("unique") | claim).to_json()  # the keys in their order
            continue
        file = FOLDER / "correct" / f"{proof.name}.json"
        text = file.read_text(encoding="utf-8") if file.exists() and not renew else _proved(proof, nets[proof.net])
        proofs[proof.name] = json.loads(text)
    return Sources(nets, proofs)


def _proved(proof: Proof, net: Program) -> str:
    """What the engine writes."""
    from subgrad_hardness import check

    result = check(net, solver=proof.solver, certify=True)
    if result.certificate is None:
        raise ValueError(f"{proof.name}: {proof.solver} writes no certificate ({result.verdict})")
    return result.certificate.dumps()


def case_table(made: Sources) -> list[Case]:
    """All rows of the tables of changes."""
    tables = (
        matrices.cases(),
        arguments.cases(),
        steps.cases(),
        systematic.cases(made.proofs),
        forgeries.cases(),
        thresholds.cases(),
        levels.cases(),
        smooth.cases(),
    )
    return [case for table in tables for case in table]


def changed(case: Case, made: Sources) -> tuple[str, dict[str, Any]]:
    """The net's name and the certificate that a row describes."""
    if case.base in (NEW_DISTINCT, NEW_UNIQUE):
        assert case.net is not None
        net, claim = case.net, _new("distinct" if case.base == NEW_DISTINCT else "unique")
    else:
        net, claim = case.net or PROOFS[case.base].net, copy.deepcopy(made.proofs[case.base])
    if case.bound:
        claim["digest"] = made.nets[net].digest
    for edit in case.edits:
        edit(claim)
    return net, claim


def _new(kind: str) -> dict[str, Any]:
    """A certificate with nothing in it."""
    claim: dict[str, Any] = {"format": FORMAT, "version": VERSION, "kind": kind, "digest": ""}
    claim["directions"] = [{"leading": [], "complete": []}] * KINDS[kind]
    if kind == "unique":
        claim |= {key: None if key == "half" else [] for key in ARGUMENT_KEYS}
    return claim


def corpus(renew: bool = False) -> Files:
    """Path below the folder -> bytes, the manifest included."""
    made = sources(renew)
    files = _Files()
    nets = [{"file": f"nets/{net.name}.json", "about": net.about, "verdict": net.verdict} for net in HAND]
    nets += [{"file": f"nets/{name}.json", "about": "a family's net", "verdict": v} for name, v in FAMILY_NAMES.items()]
    for name, program in made.nets.items():
        files.add(f"nets/{name}.json", dumps(program).encode("utf-8"))
    correct: list[dict[str, str]] = []
    incorrect: list[dict[str, str]] = []
    for proof in PROOFS.values():
        file = f"correct/{proof.name}.json"
        files.add(file, _text(made.proofs[proof.name]))
        correct.append({"file": file, "net": f"nets/{proof.net}.json", "about": proof.route})
    for case in case_table(made):
        net, claim = changed(case, made)
        file = f"{'correct' if case.reason is None else 'incorrect'}/{case.file}"
        files.add(file, _text(claim))
        if case.reason is None:
            correct.append({"file": file, "net": f"nets/{net}.json", "about": "a change that leaves it true"})
        else:
            incorrect.append({"file": file, "net": f"nets/{net}.json", "reason": case.reason})
    unreadable = []
    for entry in noise(made.proofs):
        file = f"unreadable/{entry.file}"
        files.add(file, entry.data)
        unreadable.append({"file": file, "net": f"nets/{entry.net}.json", "reason": entry.reason})
    manifest = {"version": 1, "nets": nets, "correct": correct, "incorrect": incorrect, "unreadable": unreadable}
    files.add("manifest.json", _text(manifest))
    for name, data in claims.files(FOLDER / "claims", renew):
        files.add(f"claims/{name}", data)
    return files.content


class _Files:
    """Files to be, of which no two have one name."""

    def __init__(self) -> None:
        self.content: Files = {}

    def add(self, name: str, data: bytes) -> None:
        if name in self.content:
            raise ValueError(f"two files are called {name}")
        self.content[name] = data


def _text(value: Any) -> bytes:
    return (write_json(value, indent=1) + "\n").encode("utf-8")


def differences(wanted: Files) -> Iterator[str]:
    """Files that are missing, differ or are left over."""
    present = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*.json")}
    yield from sorted(set(present) - set(wanted))
    for name, data in wanted.items():
        if name not in present or present[name].read_bytes() != data:
            yield name


def main() -> int:
    """Write the files, or compare them with the disk."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file differs or is left over")
    choice.add_argument("--renew", action="store_true", help="let engines and families write their files anew")
    options = parser.parse_args()
    wanted = corpus(options.renew)
    wrong = list(differences(wanted))
    if options.check:
        if wrong:
            print(f"not as the script makes them: {', '.join(wrong)}", file=sys.stderr)
            return 1
        print(f"{len(wanted)} files as expected")
        return 0
    try:
        for name in wrong:
            if name not in wanted:
                (FOLDER / name).unlink()
                continue
            _write(FOLDER / name, wanted[name])
    except OSError as problem:
        print(f"{problem.filename}: cannot be written: {problem.strerror}", file=sys.stderr)
        return 2
    print(f"{len(wanted)} files, {len(wrong)} of them written or removed")
    return 0


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".tmp")
    temporary.write_bytes(data)
    temporary.replace(file)


if __name__ == "__main__":
    sys.exit(main())
