"""What answers and refusals say to people where a newcomer stumbled over them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.cli.given_vector import given_vector
from subgrad_hardness.cli.main import main
from subgrad_hardness.net.evaluation import value

#: Bends at its point, and nowhere else.
FOLD = sh.Program.from_text("inputs x y; f = max x y; g = -f; outputs g")


def test_what_irregular_means() -> None:
    said = sh.regular(FOLD, certify=False).lines()
    assert said[:2] == ["Clarke regular: no, F'(x0; .) is not subadditive", "F'(y + u) exceeds F'(y) + F'(u) by 1 for"]


def test_a_cube_that_is_a_point() -> None:
    at_the_kink = sh.cube(FOLD).lines()
    assert at_the_kink == [
        "F bends at the point (0, 0) itself: the largest cube is the point",
        "  certified: that F bends on every larger cube",
    ]
    beside = sh.cube(FOLD, point=[2, 0], certify=False).lines()
    assert beside[1:] == ["  there F(x) = A x + b, A = (-1, 0), b = (0)", "  it bends at (1, 1)"]


def test_the_region_of_affine_is_named() -> None:
    assert sh.affine(FOLD, certify=False).lines()[0] == "BENDS: F has two Jacobians at (0, 0)"
    assert "the region is the whole space" in sh.affine(FOLD, certify=False).lines()[-1]
    boxed = sh.affine(FOLD, box=(-1, 1), certify=False).lines()
    assert boxed[0].endswith("inside the region") and "whole space" not in boxed[-1]
    line = sh.Program.from_text("inputs x; f = 2 x; outputs f")
    assert sh.affine(line, certify=False).lines()[0] == "AFFINE: F(x) = A x + b everywhere"


class _Module:
    """Looks like a module of torch."""

    def named_parameters(self) -> list[Any]:
        """None."""
        return []


@pytest.mark.parametrize(
    ("net", "words"),
    [
        (sh.relu(sh.variables("x y")[0]), "a Python Expression is not a net; call .program\\(\\) on it"),
        (_Module(), "audit_torch and gradcheck read modules"),
        (3, "give a path, a mapping or a Program"),
    ],
)
@pytest.mark.parametrize("call", [sh.check, sh.load])
def test_what_to_give_instead_of_what_is_no_net(call: Callable[[Any], Any], net: Any, words: str) -> None:
    with pytest.raises(sh.NetError, match=words):
        call(net)


def test_a_net_in_text_is_no_iteration(tmp_path: Path) -> None:
    file = tmp_path / "roof.net"
    file.write_text(FOLD.to_text())
    with pytest.raises(sh.NetError, match=r"roof\.net: a net in text; iterations are JSON files with a key .iteration"):
        sh.load_iteration(file)


def test_a_box_around_a_point(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = str(tmp_path / "fold.net")
    Path(file).write_text(FOLD.to_text())
    assert main(["affine", file, "--point", "[3,1]", "--radius", "1/2", "--no-certify"]) == 0
    assert capsys.readouterr().out.startswith("AFFINE: F(x) = A x + b on the region\n  A = (-1, 0)")
    assert main(["affine", file, "--point", "3,1", "--radius", "2", "--no-certify"]) == 0
    assert capsys.readouterr().out.startswith("BENDS")
    for wrong in (["--radius", "1"], ["--point", "0,0"], ["--point", "0,0", "--radius", "-1"]):
        assert main(["affine", file, *wrong]) == 2
    assert main(["equal", file, file, "--point", "0,0", "--radius", "1", "--box", "0,1"]) == 2
    assert main(["check", file, "--point", "1 1"]) == 2
    assert capsys.readouterr().err.endswith("numbers have commas between them: 1,1\n")


def test_numpy_and_expressions() -> None:
    """Signs between arrays and expressions are the expressions' own; functions of numpy say what to use."""
    both: Any = sh.variables("x y")
    x, y = both
    two, row = np.float64(2), np.asarray([2, 3])
    made = [two * x + y, two - x, x / np.float64(4), (row @ both), (row * both)[0], (both - row)[1], (row - both)[0]]
    assert [float(value(each.program(), [1, 5])[0]) for each in made] == [7, 1, 0.25, 17, 2, 2, 1]
    with pytest.raises(TypeError, match=r"numpy's maximum .*sh\.maximum"):
        np.maximum(x, 0)
    with pytest.raises(TypeError, match="use abs"):
        np.abs(both)
    with pytest.raises(TypeError, match=r"exp .*sh\.relu"):
        np.exp(x)
    with pytest.raises(TypeError, match="knows no"):
        np.less(np.float64(1), x)


@pytest.mark.parametrize("text", ["1/2,-3", "[1/2, -3]", "(1/2,-3)", "[[1/2,-3]]"])
def test_brackets_around_vectors(text: str) -> None:
    assert given_vector(text, "VECTOR") == [Fraction(1, 2), Fraction(-3)]


def test_brackets_around_rows_and_what_is_no_vector() -> None:
    assert given_vector("[[1, 0], [0, 2]]", "--gradient") == given_vector("1,0;0,2", "--gradient") == [[1, 0], [0, 2]]
    with pytest.raises(sh.PointError, match=r"VECTOR entry 1: .*numbers have commas between them: 1,1"):
        given_vector("1 1", "VECTOR")
    for text in ("[]", "[", "[1,2", "[[1],2]"):
        with pytest.raises(sh.PointError):
            given_vector(text, "VECTOR")
