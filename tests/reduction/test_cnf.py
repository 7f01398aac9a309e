"""The CNF source problem: its checker, DIMACS text both ways, simplification, and every error."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.reduction.cnf import MAX_VARIABLES, Cnf, FormulaError, parse_dimacs, read_dimacs


def formulas(count: int) -> Iterator[Cnf]:
    """Any formulas on up to 4 variables: empty clauses, tautologies and repeated literals included."""
    stream = Stream(1, "test cnf")
    for _ in range(count):
        variables = stream.below(5)
        literals = [literal for index in range(1, variables + 1) for literal in (index, -index)]
        width = 5 if literals else 1
        clauses = (
            tuple(literals[stream.below(len(literals))] for _ in range(stream.below(width)))
            for _ in range(stream.below(7))
        )
        yield Cnf(variables, tuple(clauses))


def test_dimacs_round_trip() -> None:
    for formula in formulas(300):
        assert parse_dimacs(formula.to_dimacs()) == formula


def test_simplification_keeps_the_models_and_drops_what_it_says() -> None:
    for formula in formulas(300):
        simple = formula.simplified()
        for assignment in product((False, True), repeat=formula.variables):
            assert simple.satisfied(assignment) == formula.satisfied(assignment)
        for clause in simple.clauses:
            assert len({abs(literal) for literal in clause}) == len(clause)


def test_satisfied() -> None:
    formula = Cnf(3, ((1, -2), (2, 3)))
    assert formula.satisfied((True, True, False))
    assert not formula.satisfied((False, True, False))
    assert Cnf(0, ()).satisfied(())
    assert not Cnf(0, ((),)).satisfied(())
    with pytest.raises(FormulaError, match=r"^assignment: 2 values, expected 3$"):
        formula.satisfied((True, True))


def test_comments_free_layout_and_the_satlib_ending() -> None:
    text = "c a comment\n\np  cnf 3 3\r\n1 -2\n3 0 -1\nc inside a clause\n0\t2 3 0\n%\n0\n\n"
    assert parse_dimacs(text) == Cnf(3, ((1, -2, 3), (-1,), (2, 3)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f.cnf: no header 'p cnf VARIABLES CLAUSES'"),
        ("c only\n", "f.cnf: no header 'p cnf VARIABLES CLAUSES'"),
        ("1 2 0\np cnf 2 1\n", "f.cnf: line 1: \"1 2 0\" stands before the header 'p cnf VARIABLES CLAUSES'"),
        ("p cnf 2\n", "f.cnf: line 1: \"p cnf 2\" is not a header 'p cnf VARIABLES CLAUSES'"),
        ("p sat 2 1\n", "f.cnf: line 1: \"p sat 2 1\" is not a header 'p cnf VARIABLES CLAUSES'"),
        ("p cnf -2 1\n", "f.cnf: line 1: \"p cnf -2 1\" is not a header 'p cnf VARIABLES CLAUSES'"),
        ("p cnf 2 x\n", "f.cnf: line 1: \"p cnf 2 x\" is not a header 'p cnf VARIABLES CLAUSES'"),
        ("p cnf 2000000 0\n", f"f.cnf: line 1: 2000000 variables; at most {MAX_VARIABLES}"),
        ("p cnf 1 0\np cnf 1 0\n", "f.cnf: line 2: a second header; the first is in line 1"),
        ("p cnf 2 1\n1 two 0\n", 'f.cnf: line 2: "two" is not a literal'),
        ("p cnf 2 1\n1 1.5 0\n", 'f.cnf: line 2: "1.5" is not a literal'),
        (f"p cnf 2 1\n{'9' * 5000} 0\n", f'f.cnf: line 2: "{"9" * 37}..." is not a literal'),
        ("p cnf 2 1\n\n1 -3 0\n", "f.cnf: line 3: literal -3, but the header says 2 variables"),
        ("p cnf 2 1\n1 0\n2\n", "f.cnf: line 3: the clause that starts here is not ended by 0"),
        ("c\np cnf 2 3\n1 0\n2 0\n", "f.cnf: line 2: the header says 3 clauses, the file has 2"),
    ],
)
def test_dimacs_errors_name_the_file_and_the_line(text: str, message: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_dimacs(text, "f.cnf")
    assert str(caught.value) == message
    assert "\n" not in message


def test_reading_files(tmp_path: Path) -> None:
    path = tmp_path / "f.cnf"
    path.write_bytes("c Gödel\np cnf 1 1\n-1 0\n".encode("latin-1"))
    assert read_dimacs(path) == Cnf(1, ((-1,),))
    with pytest.raises(FormulaError, match=r"missing\.cnf: cannot be read: No such file"):
        read_dimacs(tmp_path / "missing.cnf")


def test_bad_formulas_and_pickling() -> None:
    with pytest.raises(FormulaError, match=r"^clauses\[1\]: 0 is no literal of 2 variables$"):
        Cnf(2, ((1,), (2, 0)))
    with pytest.raises(FormulaError, match=r"^clauses\[0\]: -3 is no literal"):
        Cnf(2, ((-3,),))
    with pytest.raises(FormulaError, match=r"^variables: outside"):
        Cnf(-1, ())
    formula = Cnf(2, ((1, -2),))
    assert pickle.loads(pickle.dumps(formula)) == formula


def test_the_digest_is_of_the_dimacs_text() -> None:
    assert Cnf(2, ((1, -2),)).digest == hashlib.sha256(b"p cnf 2 1\n1 -2 0\n").hexdigest()
