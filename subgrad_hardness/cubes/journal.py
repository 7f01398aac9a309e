"""The file that a split question is kept in: one line for each split and each cube that fell (docs/cubes.md)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from subgrad_hardness.certificate.argument import Argument, read_argument
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.refutation import require_empty_clause
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.line_file import LineFile
from subgrad_hardness.cubes.cube import Fallen, Found, Report, Standing
from subgrad_hardness.cubes.tree import Node, Tree
from subgrad_hardness.net.json_text import Reader, parse_json
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.normal_form.linear_form import Key, key_of
from subgrad_hardness.proof.cases import case_opening
from subgrad_hardness.proof.steps import Case
from subgrad_hardness.question.goal_forms import GoalForms

_START = b'{"cube'
_FOREIGN = "no line of a split question; give another file"


def fingerprint(goals: GoalForms, proofs: bool) -> str:
    """What a question is known by: its goals over its normal form, and whether proofs are kept."""
    text = repr((goals.normal.inputs, list(map(key_of, goals.normal.atoms)), list(map(key_of, goals.forms))))
    said = f"{text} {goals.half} {goals.constraints} {proofs}"
    return hashlib.sha256(said.encode()).hexdigest()


class Journal:
    """The file, locked; what it holds is in the ``tree`` it was opened for.

    Parameters
    ----------
    path : the file; it is made if it is not there.
    goals : the question's.
    proofs : whether proofs are kept; those of the file are then checked by the verifier's own steps.
    tree : fresh; it gets the splits and falls of the file.

    Attributes
    ----------
    found : a direction that an earlier run found, to be replayed.
    earlier : how many cubes had fallen in the file.

    Raises OutputError where the file cannot be written or another process has it, ParameterError for a file that holds
    something else, another question, or proofs that prove nothing.
    """

    def __init__(self, path: str | os.PathLike[str], goals: GoalForms, proofs: bool, tree: Tree) -> None:
        self.found: tuple[int, ...] | None = None
        self._goals, self._proofs = goals, proofs
        self._mark = fingerprint(goals, proofs)
        self._file = LineFile(path)
        empty = True
        try:
            for place, line in self._file.read(_parsed, _START, _FOREIGN):
                empty = False
                if place.number == 1:
                    self._require_mark(line)
                else:
                    self._replay(line, tree, place.number)
            if empty:
                self._file.append(_line({"cubes": 1, "question": self._mark}))
        except BaseException:
            self.close()
            raise
        self.earlier = tree.fallen

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def keep(self, node: Node, report: Report) -> None:
        """Add the line of a report that says something for good.  Raises OutputError."""
        outcome = report.outcome
        took = {"seconds": report.seconds, "extra": report.extra, "process": report.process}
        line: dict[str, Any] = {"cube": node.name, **took}
        if isinstance(outcome, Found):
            line |= {"by": outcome.by, "direction": list(outcome.direction)}
        elif isinstance(outcome, Fallen):
            rests_on = [number for number, form in enumerate(node.supposed) if form in outcome.rests_on]
            line |= {"by": outcome.by, "rests_on": rests_on, "case": None}
            if outcome.case is not None:
                supposed = [_flat(form) for form in outcome.case.supposed]
                line["case"] = {"supposed": supposed, **outcome.case.argument.to_json()}
        elif isinstance(outcome, Standing) and outcome.split is not None:
            line |= {"split": _flat(outcome.split)}
        else:
            return
        self._file.append(_line(line))

    def _require_mark(self, line: Mapping[str, Any]) -> None:
        if line.get("cubes") != 1 or line.get("question") != self._mark:
            raise ParameterError(
                "made for another net, point, seed or kind of certificate; give the same, or another file",
                file=self._file.path,
                place="line 1",
            )

    def _replay(self, line: Mapping[str, Any], tree: Tree, number: int) -> None:
        try:
            node = tree.nodes[line["cube"]]
            if "split" in line:
                if node.children is None and node.rests_on is None:
                    tree.split(node, _form(line["split"]))
            elif "direction" in line:
                self.found = tuple([int(entry) for entry in line["direction"]])
            elif node.rests_on is None:
                rests_on = frozenset([node.supposed[place] for place in line["rests_on"]])
                case = _case(line["case"])
                if self._proofs and case is not None:
                    self._require_proved(case, rests_on)
                tree.fall(node, rests_on, case)
        except Rejected:
            message = "its proof proves nothing; give another file"
            raise ParameterError(message, file=self._file.path, place=f"line {number}") from None
        except (KeyError, TypeError, ValueError, IndexError):
            raise ParameterError(_FOREIGN, file=self._file.path, place=f"line {number}") from None

    def _require_proved(self, case: Case, rests_on: frozenset[Key]) -> None:
        """Raises Rejected."""
        if not rests_on.issuperset(set(case.supposed).difference(self._goals.constraints)):
            raise Rejected("the case supposes more than is said")
        goals = map(key_of, self._goals.forms)
        require_empty_clause(case_opening(self._goals.normal, goals, case.supposed), case.argument)


def _line(value: Mapping[str, Any]) -> bytes:
    return (write_json(dict(value)) + "\n").encode("utf-8")


def _parsed(data: bytes) -> Mapping[str, Any] | None:
    try:
        value = parse_json(data, "", ParameterError)
    except ValueError:
        return None
    return value if isinstance(value, dict) and data.startswith(_START) else None


def _flat(form: Key) -> list[int]:
    return [number for pair in form for number in pair]


def _form(entries: list[int]) -> Key:
    if not entries or not all(type(entry) is int for entry in entries):
        raise ValueError("no form")
    return tuple(zip(entries[::2], entries[1::2], strict=True))


def _case(value: Mapping[str, Any] | None) -> Case | None:
    if value is None:
        return None
    argument: Argument = read_argument(Reader("", ParameterError), value)
    return Case(tuple(map(_form, value["supposed"])), argument)
