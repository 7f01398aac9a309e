"""The campaign's record: what has been done, in one file that is never half written."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fuzzing.judging import TWICE, Judgement


@dataclass
class Record:
    """Counts over all runs with one seed and choice of kinds.

    Attributes
    ----------
    kinds : of nets, if only these are drawn.
    done : nets 0 .. done - 1 of the seed have been judged (or drawn and left, without a kink).
    seconds : of all processes together.
    counts : how often by "what: ...", see ``take``.
    findings : one object each, with the file that holds the net.
    """

    seed: int
    kinds: tuple[str, ...] = ()
    done: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path, new: Record) -> Record:
        """The record in ``path``, or the new one.  Raises ValueError for another seed's, of other kinds, or none."""
        if not path.exists():
            return new
        found = json.loads(path.read_text(encoding="utf-8"))
        if found.get("seed") != new.seed:
            raise ValueError(f"is the record of seed {found.get('seed')}, not {new.seed}")
        found["kinds"] = tuple(found.get("kinds", ()))
        if found["kinds"] != new.kinds:
            raise ValueError(f"is a record of {', '.join(found['kinds']) or 'all kinds'}")
        found["counts"] = Counter(found["counts"])
        return cls(**found)

    def save(self, path: Path) -> None:
        """Write the file anew, then rename."""
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        temporary.write_text(json.dumps(vars(self), indent=1) + "\n", encoding="utf-8")
        temporary.replace(path)


def count(counts: Counter[str], kind: str, judgement: Judgement) -> None:
    """Add one net to the counts."""
    if not judgement.answers:
        counts["left: no kink, or too many"] += 1
        return
    counts["nets"] += 1
    counts[f"kind: {kind} {judgement.verdict}"] += 1
    counts[f"verdict: {judgement.verdict}"] += 1
    counts[f"kinks: {'1-5' if judgement.kinks <= 5 else '6-14' if judgement.kinks <= 14 else '15-40'}"] += 1
    for engine, answer in judgement.answers.items():
        counts[f"answer: {engine}: {answer} where {judgement.verdict}"] += 1
    for what, times in judgement.certified.items():
        counts[f"certified: {what}"] += times


def summary(record: Record) -> list[str]:
    """The record as markdown."""
    counts = record.counts
    twice = counts[f"certified: {TWICE}"]
    certified = sum(n for key, n in counts.items() if key.startswith("certified: ")) - twice
    late = sum(n for key, n in counts.items() if key.startswith("certified: ") and key.endswith("not in time"))
    lines = [
        f"seed {record.seed}: {counts['nets']} nets with 1 to 40 kinks in {record.seconds / 3600:.2f} process hours, "
        f"{counts['verdict: distinct']} distinct, {counts['verdict: unique']} unique, "
        f"{counts['verdict: open']} open; {len(record.findings)} findings",
        "kinks: " + ", ".join(f"{key[7:]}: {counts[key]}" for key in sorted(counts) if key.startswith("kinks: ")),
        f"certificates written and verified: {certified - late}; not written in time: {late}; "
        f"with level sets, verified by the second verifier, too: {twice}",
        "",
        "| engine | asked | distinct answered | unique answered | believed rightly | believed wrongly | open |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    engines = sorted({key.split(": ")[1] for key in counts if key.startswith("answer: ")})
    for engine in engines:
        said = {key.split(": ", 2)[2]: n for key, n in counts.items() if key.startswith(f"answer: {engine}: ")}
        asked = {verdict: _sum(said, f"where {verdict}") for verdict in ("distinct", "unique")}
        right = sum(n for words, n in said.items() if words in _RIGHT)
        wrong = sum(n for words, n in said.items() if words in _WRONG)
        lines.append(
            f"| {engine} | {sum(said.values())} | {said.get('distinct where distinct', 0)} of {asked['distinct']} "
            f"| {said.get('unique where unique', 0)} of {asked['unique']} | {right} | {wrong} "
            f"| {_sum(said, '', start='open')} |"
        )
    return lines


_RIGHT = tuple(f"believes {verdict} where {verdict}" for verdict in ("distinct", "unique"))
_WRONG = ("believes distinct where unique", "believes unique where distinct")


def _sum(said: dict[str, int], end: str, start: str = "") -> int:
    return sum(number for words, number in said.items() if words.endswith(end) and words.startswith(start))
