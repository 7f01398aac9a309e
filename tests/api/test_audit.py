"""``audit``: the verdicts of known nets, rounding as a proved statement, gradcheck and the assertion for tests."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import jsonschema
import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.api.audit import audit_within
from subgrad_hardness.api.audit_result import AuditResult
from subgrad_hardness.api.contains import contains_within
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.schemas import schema
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.sets import Bound
from subgrad_hardness.testing import assert_subgradient

IDENTITY = "inputs x; m = -x; a = relu x; b = relu m; f = a - b; outputs f"
CORNER = "inputs x y; u = 2 x; v = -3 x; w = x + y; a = relu u; b = relu v; c = relu w; f = a - b + c; outputs f"

VERDICTS = (
    (IDENTITY, [0], "conservative"),
    (IDENTITY, [1], "lexicographic"),
    (IDENTITY, [3], "neither"),
    (CORNER, [0, 0], "conservative"),
    (CORNER, [4, 1], "lexicographic"),
    ("inputs x y; a = abs x; b = abs y; f = a + b; outputs f", [0, 0], "clarke"),
    # Every argument of a tie gets 1: no element of anything.
    ("inputs x y; f = max x y; outputs f", [1, 1], "neither"),
    # Each row is a subgradient of its output, both together are none (of two outputs).
    ("inputs x; m = -x; a = relu x; b = relu m; outputs a b", [[0], [0]], "conservative"),
)


@pytest.mark.parametrize(("text", "gradient", "verdict"), VERDICTS)
def test_verdicts(text: str, gradient: Any, verdict: str) -> None:
    net = sh.Program.from_text(text)
    found = sh.audit(net, gradient)
    assert found.verdict == verdict
    assert found.is_clarke is (verdict in ("lexicographic", "clarke"))
    for certificate in found.certificates.values():
        assert sh.verify(net, certificate).verdict in ("member", "outside")


def test_rounding_is_proved_and_no_taste() -> None:
    """A float gradient that is off by a few roundings passes, one that is off by a thousand times that does not."""
    third = float(np.float32(1 / 3))
    net = sh.Program.from_layers([[[third, 0.1], [0.7, -third]], [[0.3, 0.9]]], point=[1, 1])
    (exact,) = sh.audit(net, [0, 0]).explained.best.gradient  # type: ignore[union-attr]
    near: Any = np.array([float(entry) * (1 + 2**-23) for entry in exact], dtype=np.float32)
    found = sh.audit(net, near)
    assert (found.precision, found.verdict) == ("float32", "lexicographic")
    assert found.explained is not None and found.explained.explains and found.explained.best.deviation > 0
    assert found.vector == (exact,)
    assert "up to the rounding of this backward pass (proved)" in found.said()[0]
    far = sh.audit(net, near * np.float32(1 + 2**-12))
    assert far.explained is not None and not far.explained.explains
    assert far.verdict == "neither" and far.is_clarke is False
    assert sh.audit(net, near, precision="exact").verdict == "neither"
    assert not sh.audit(net, near.astype(np.float64)).explained.explains  # type: ignore[union-attr]


def test_forward_mode_has_a_bound_of_its_own() -> None:
    """A sum of 40 terms is one of a forward pass, a pass backwards only multiplies; and the report says the mode."""
    net = sh.Program.from_layers([[[1 / 3] * 40], [[1 / 7]]], point=[1] * 40)
    near: Any = np.full(40, 1 / 21, dtype=np.float32)
    backward, forward = (sh.audit(net, near, mode=mode, certify=False) for mode in ("backward", "forward"))
    bounds = [found.explained.bound[0][0] for found in (backward, forward)]  # type: ignore[union-attr, index]
    assert "up to the rounding of this forward pass (proved)" in forward.said()[0]
    assert (backward.mode, forward.to_json()["mode"]) == ("backward", "forward")
    assert bounds[0] < bounds[1] < 3 * bounds[0] and forward.verdict == "lexicographic"
    with pytest.raises(sh.ParameterError, match="mode"):
        sh.audit(net, near, mode="sideways")


#: f(x) = x; backpropagation with relu'(0) = 0 returns 1 - 2^-60, which a float rounds to the gradient.
NEARLY = (
    f"inputs x; m = -x; a = relu x; b = relu m; f = {1 - Fraction(1, 2**60)} x + 1/{2**60} a - 1/{2**60} b; outputs f"
)


def test_a_subgradient_is_one_however_near_what_explains_it_is_to_it() -> None:
    net = sh.Program.from_text(NEARLY)
    exact = sh.audit(net, [1.0])  # that of relu'(0) = 1/2, exactly: no need for those that round to it
    assert (exact.verdict, exact.explained.best.deviation) == ("lexicographic", 0)  # type: ignore[union-attr]
    assert assert_subgradient(net, [1.0]).passed
    named = sh.audit(net, [1.0], framework="torch")
    assert (named.verdict, named.explained.best.convention) == ("conservative", "torch")  # type: ignore[union-attr]
    assert named.within_rounding == {"clarke": True} and named.is_clarke is True
    literal = sh.audit(net, [1 - Fraction(1, 2**60)], framework="torch")
    assert (literal.verdict, literal.is_clarke) == ("conservative", False)
    # Here the next subgradient is a quarter away, and rounding is not what makes the difference.
    far = sh.Program.from_text("inputs x; m = -x; a = relu x; b = relu m; f = 3/4 x + 1/4 a - 1/4 b; outputs f")
    off = sh.audit(far, [0.75 * (1 + 2**-52)])
    assert (off.verdict, off.within_rounding, off.is_clarke) == ("conservative", {"clarke": False}, False)


def test_without_a_bound_nothing_is_said_to_be_excluded() -> None:
    steps = "; ".join(f"a{n} = 1/3 {'x' if n == 0 else f'a{n - 1}'}" for n in range(25))
    net = sh.Program.from_text(f"inputs x; {steps}; f = relu a24; outputs f").at([1])
    found = sh.audit(net, [float(Fraction(1, 3**25)) * (1 + 2**-9)], precision="bfloat16")
    assert found.explained is not None and found.explained.bound is None
    assert not found.explained.explains and not found.explained.excluded and found.is_clarke is None
    assert "nothing is known of rounding" in found.said()[1]
    assert sh.audit(net, [Fraction(1, 3**25)], precision="bfloat16").is_clarke


def test_numbers_beyond_all_floats() -> None:
    net = sh.Program.from_text("inputs x y; a = 1e400 x; b = max a y; c = a - 1e400 x; d = max b c; f = 1 d; outputs f")
    assert sh.audit(net.at(["1e400", 0]), [3, 0]).verdict == "neither"
    one = sh.Program.from_text("inputs x; f = relu x; outputs f")
    assert "off by ~1e400" in sh.audit(one, ["1e400"]).said()[0]
    # In float32 a difference of infinities is no number, and behind it no branch means anything.
    over = sh.Program.from_text("inputs x y; a = 1e38 x; c = 10 a; e = c - c; b = max e y; f = 1 b; outputs f").at(
        [1, 0]
    )
    given: Any = np.array([0, 3], np.float32)
    assert not sh.audit(over, given).explained.parted  # type: ignore[union-attr]


def test_the_report_has_all_keys_whatever_is_known() -> None:
    net = sh.Program.from_text(IDENTITY)
    full = sh.audit(net, [0]).to_json()
    said: list[AuditResult] = []
    jsonschema.validate(full, schema("audit"))
    stopped = audit_within(
        net,
        Limits(),
        Channels(result=said.append),
        gradient=[0],
        point=None,
        precision="float64",
        explaining=_never,
        certify=True,
        seed=0,
    )
    jsonschema.validate(stopped.to_json(), schema("audit"))
    jsonschema.validate(sh.audit(net, [3]).to_json(), schema("audit"))
    assert full.keys() == stopped.to_json().keys() == said[0].to_json().keys()
    assert stopped.verdict == "unknown" and stopped.is_clarke is None
    assert (full["verdict"], full["explained"], full["certified"]) == (
        "conservative",
        True,
        ["autodiff", "clarke", "lexicographic"],
    )


def _never(*_: Any) -> Any:
    raise LimitReached("time limit")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"framework": "caffe"}, "framework"),
        ({"precision": "float8"}, "precision"),
        ({"gradient": [1, 2]}, "expected 1"),
        ({"gradient": [float("nan")]}, "vector"),
        ({"point": [1, 2]}, "point"),
    ],
)
def test_bad_input(options: dict[str, Any], words: str) -> None:
    with pytest.raises(sh.InputError, match=words):
        sh.audit(sh.Program.from_text(IDENTITY), **{"gradient": [0], **options})


def test_gradcheck() -> None:
    net = sh.Program.from_text("inputs x y; u = abs x; f = u + 2 y; outputs f")
    found = sh.gradcheck(net, [0, "1/7"], gradient=[0, 2])
    assert found.passed and [each.kink for each in found.slopes] == [True, False]
    assert (found.slopes[0].left, found.slopes[0].right) == (Fraction(-1), Fraction(1))
    # 1/7 away from the kink of relu: the difference is taken inside the cell.
    net = sh.Program.from_text("inputs x; f = relu x; outputs f")
    one = Fraction(1)
    (slope,) = sh.gradcheck(net, ["1/7"]).slopes
    assert (slope.left, slope.right, slope.entry, slope.step) == (one, one, one, one / 8)
    assert not sh.gradcheck(net, ["1/7"], gradient=[0])
    # A bump between the point and 1, which is met neither at 1 nor at 1/2.
    net = sh.Program.from_text("inputs x; a = x - 1/4; b = abs a; c = 1/8 - b; f = relu c; outputs f")
    (slope,) = sh.gradcheck(net).slopes
    assert not slope.left and not slope.right and slope.step == one / 8
    # A kink nearer than any number of halvings of 1.
    net = sh.Program.from_text("inputs x; f = relu x; outputs f").at(["1e-100"])
    step = sh.gradcheck(net).slopes[0].step
    assert step is not None and 0 < step <= Fraction(1, 10**100)


def test_the_assertion() -> None:
    net = sh.Program.from_text(IDENTITY)
    assert assert_subgradient(net, [1]).passed
    with pytest.raises(AssertionError, match=r"(?s)\(0\) is no Clarke subgradient.*NOT the slope 1"):
        assert_subgradient(net)


def test_a_proof_that_ends_at_a_limit_leaves_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was decided is reported before it is proved."""
    exceeds = ClarkeSet.exceeds

    def unproved(self: ClarkeSet, functional: Any, bound: Fraction, limits: Limits, *, argued: bool = True) -> Bound:
        return Bound(None, why="time limit") if argued else exceeds(self, functional, bound, limits, argued=False)

    monkeypatch.setattr(ClarkeSet, "exceeds", unproved)
    seen: list[Any] = []
    found = contains_within(
        sh.Program.from_text(IDENTITY),
        Limits(),
        Channels(result=seen.append),
        vector=[0],
        point=None,
        which="clarke",
        near=False,
        certify=True,
        seed=0,
    )
    assert (found.clarke, dict(found.uncertified), found.certificates) == (False, {"clarke": "time limit"}, {})
    assert [each.clarke for each in seen] == [None, False, False]
