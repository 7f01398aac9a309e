"""Propositional formulas in conjunctive normal form: the checker, DIMACS text, simplification."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.files import read_text_bytes
from subgrad_hardness.common.words import count
from subgrad_hardness.net.json_text import show

#: One literal: +j for variable j, -j for its negation (j from 1).
Clause = tuple[int, ...]
#: One truth value a variable, variable 1 first.
Assignment = tuple[bool, ...]

#: No formula may have more variables: every one of them becomes an input of a net.
MAX_VARIABLES = 2**20

_LITERAL = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)


class FormulaError(InputError):
    """A formula or DIMACS file that breaks the rules, or an assignment that does not fit."""


@dataclass(frozen=True, slots=True)
class Cnf:
    """A conjunction of clauses over the variables 1..``variables``.

    A clause is a disjunction of literals, nonzero integers; the empty clause is false.  Raises
    FormulaError for a literal 0 or one of an unknown variable.
    """

    variables: int
    clauses: tuple[Clause, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.variables <= MAX_VARIABLES:
            raise FormulaError(f"outside 0..{MAX_VARIABLES}", place="variables")
        for number, clause in enumerate(self.clauses):
            for literal in clause:
                if not 1 <= abs(literal) <= self.variables:
                    raise FormulaError(
                        f"{literal} is no literal of {self.variables} variables", place=f"clauses[{number}]"
                    )

    def satisfied(self, assignment: Sequence[bool]) -> bool:
        """Whether the assignment makes every clause true; linear.

        Raises FormulaError unless there is one value a variable.
        """
        if len(assignment) != self.variables:
            raise FormulaError(f"{count(len(assignment), 'value')}, expected {self.variables}", place="assignment")
        return all(
            any(bool(assignment[abs(literal) - 1]) is (literal > 0) for literal in clause) for clause in self.clauses
        )

    def simplified(self) -> Cnf:
        """The formula without tautologies and repeated literals, otherwise in its order; linear."""
        distinct = (tuple(dict.fromkeys(clause)) for clause in self.clauses)
        return Cnf(self.variables, tuple(clause for clause in distinct if not is_tautology(clause)))

    def to_dimacs(self) -> str:
        """DIMACS text, one clause a line; ``parse_dimacs`` gives the equal formula back."""
        lines = [f"p cnf {self.variables} {len(self.clauses)}"]
        lines += [" ".join(map(str, (*clause, 0))) for clause in self.clauses]
        return "\n".join(lines) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the DIMACS text."""
        return hashlib.sha256(self.to_dimacs().encode("ascii")).hexdigest()


def is_tautology(clause: Clause) -> bool:
    literals = set(clause)
    return any(-literal in literals for literal in literals)


def read_dimacs(path: str | os.PathLike[str]) -> Cnf:
    """The formula in a DIMACS CNF file, ``"-"`` for standard input.

    Raises FormulaError naming the file and the line.  Linear.
    """
    file = "<stdin>" if path == "-" else os.fspath(path)
    # Comments may be in any encoding; a broken character elsewhere fails as a literal.
    return parse_dimacs(read_text_bytes(path, FormulaError).decode("utf-8", errors="replace"), file)


def parse_dimacs(text: str, file: str = "<dimacs>") -> Cnf:
    """The formula in DIMACS CNF text.

    Comment lines start with ``c``; one line ``p cnf VARIABLES CLAUSES`` stands before the clauses;
    a clause ends with 0 and may span lines; a line that starts with ``%`` ends the formula (as the
    SATLIB files have it).  Raises FormulaError naming ``file`` and the line.
    """
    header: tuple[int, int] | None = None
    header_line = 0
    clauses: list[Clause] = []
    open_clause: list[int] = []
    opened = 0
    for number, line in enumerate(text.split("\n"), start=1):
        tokens = line.split()
        if not tokens or tokens[0].startswith("c"):
            continue
        if tokens[0].startswith("%"):
            break
        if tokens[0] == "p":
            if header is not None:
                _fail(file, number, f"a second header; the first is in line {header_line}")
            header, header_line = _header(tokens, file, number), number
            continue
        if header is None:
            _fail(file, number, f"{show(line.strip())} stands before the header 'p cnf VARIABLES CLAUSES'")
        for token in tokens:
            literal = _literal(token, header[0], file, number)
            if literal:
                opened = opened if open_clause else number
                open_clause.append(literal)
            else:
                clauses.append(tuple(open_clause))
                open_clause = []
    if header is None:
        raise FormulaError("no header 'p cnf VARIABLES CLAUSES'", file=file)
    if open_clause:
        _fail(file, opened, "the clause that starts here is not ended by 0")
    if len(clauses) != header[1]:
        _fail(file, header_line, f"the header says {count(header[1], 'clause')}, the file has {len(clauses)}")
    return Cnf(header[0], tuple(clauses))


def _header(tokens: list[str], file: str, number: int) -> tuple[int, int]:
    if len(tokens) != 4 or tokens[1] != "cnf" or not all(map(_COUNT.fullmatch, tokens[2:])):
        _fail(file, number, f"{show(' '.join(tokens))} is not a header 'p cnf VARIABLES CLAUSES'")
    variables, clauses = int(tokens[2]), int(tokens[3])
    if variables > MAX_VARIABLES:
        _fail(file, number, f"{variables} variables; at most {MAX_VARIABLES}")
    return variables, clauses


def _literal(token: str, variables: int, file: str, number: int) -> int:
    if not _LITERAL.fullmatch(token):
        _fail(file, number, f"{show(token)} is not a literal")
    literal = int(token)
    if abs(literal) > variables:
        _fail(file, number, f"literal {literal}, but the header says {variables} variables")
    return literal


def _fail(file: str, number: int, message: str) -> NoReturn:
    raise FormulaError(message, file=file, place=f"line {number}")
