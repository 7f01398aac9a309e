"""``gradcheck`` and ``assert_subgradient``: what is said where a call makes no sense."""

from __future__ import annotations

from typing import Any

import pytest

import subgrad_hardness as sh
from subgrad_hardness.testing import assert_subgradient

NET = sh.Program.from_text("inputs x; f = abs x; outputs f")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"wrt": "weight"}, "wrt: is for torch"),
        ({"loss": abs}, "loss: is for torch"),
        ({"mode": "forward"}, "mode: is for"),
    ],
)
def test_what_only_modules_have(options: dict[str, Any], words: str) -> None:
    with pytest.raises(sh.ParameterError, match=words):
        sh.gradcheck(NET, [1], **options)
    with pytest.raises(sh.ParameterError, match=words):
        assert_subgradient(NET, [1], **options)


def test_a_function_needs_a_point() -> None:
    """The second argument of ``assert_subgradient`` is the gradient, that of ``gradcheck`` the point."""
    with pytest.raises(sh.ParameterError, match=r"point: .*assert_subgradient\(module, point=x\)"):
        assert_subgradient(abs, [0])
    with pytest.raises(sh.ParameterError, match=r"x: .*gradcheck\(module, x\)"):
        sh.gradcheck(abs)
