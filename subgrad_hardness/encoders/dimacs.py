"""DIMACS CNF files, and the answers of SAT solvers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from subgrad_hardness.encoders.contract import AnswerError, commented
from subgrad_hardness.net.json_text import show

#: Clauses that no assignment satisfies; DIMACS readers differ about the empty clause.
CONTRADICTION: tuple[tuple[int, ...], ...] = ((1,), (-1,))

_STATUS = re.compile(r"^\s*(?:s\s+)?(SATISFIABLE|UNSATISFIABLE|UNKNOWN|INDETERMINATE|SAT|UNSAT)\s*$", re.MULTILINE)
_LITERAL = re.compile(r"-?[0-9]{1,18}", re.ASCII)


class Answer(NamedTuple):
    """What a SAT solver said: ``satisfiable`` (None: nothing), and the literals of its model, if it gave one."""

    satisfiable: bool | None
    model: frozenset[int] | None = None


def dimacs(comments: str, variables: int, clauses: Iterable[tuple[int, ...]]) -> str:
    """A DIMACS file: ``comments`` (plain text), then one clause a line."""
    lines = [f"{' '.join(map(str, clause))} 0" for clause in clauses]
    return commented(comments, "c") + "\n".join([f"p cnf {variables} {len(lines)}", *lines, ""])


def read_answer(answer: str) -> Answer:
    """The output of a SAT solver: ``s SATISFIABLE`` and lines ``v 1 -2 ... 0`` (or bare lines of literals).

    Raises AnswerError where there is neither.
    """
    status = _STATUS.search(answer)
    if status is not None and not status[1].startswith("SAT"):
        return Answer(False if status[1].startswith("UNSAT") else None)
    true: set[int] = set()
    met = False
    for line in answer.splitlines():
        words = line.split()
        if words and words[0] == "v":
            words = words[1:]
        elif not words or not _LITERAL.fullmatch(words[0]):
            continue
        for word in words:
            if not _LITERAL.fullmatch(word):
                raise AnswerError(f"{show(word)} is no literal")
            met = True
            true.add(int(word))
    if status is None and not met:
        raise AnswerError("neither a line 's ...' nor a line 'v ...'")
    return Answer(True, frozenset(true) if met else None)
