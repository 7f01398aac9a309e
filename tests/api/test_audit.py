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
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.schemas import schema
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


def test_the_assertion() -> None:
    net = sh.Program.from_text(IDENTITY)
    assert assert_subgradient(net, [1]).passed
    with pytest.raises(AssertionError, match=r"(?s)\(0\) is no Clarke subgradient.*NOT the slope 1"):
        assert_subgradient(net)
