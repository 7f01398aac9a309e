"""Assertions for the tests of whoever computes gradients."""

from __future__ import annotations

from typing import Any

from subgrad_hardness.api.gradcheck import GradcheckResult, gradcheck
from subgrad_hardness.api.shown import show_matrix


def assert_subgradient(
    net: Any, gradient: Any = None, *, point: Any = None, seed: int = 0, time_limit: float | None = None
) -> GradcheckResult:
    """Fail with the reasons unless a gradient is a Clarke subgradient, exactly or up to proved rounding.

    Parameters
    ----------
    net : path, mapping, Program, or a torch module in evaluation mode.
    gradient : what is claimed; without it a module's own gradient, or backpropagation of the net with relu'(0) = 0.
    point : where; a net has a point of its own, a module needs one.
    seed, time_limit : as in ``audit``.

    Returns
    -------
    GradcheckResult

    Raises
    ------
    AssertionError
        The gradient is none, or nothing is known within the limits.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> from subgrad_hardness.testing import assert_subgradient
    >>> net = sh.Program.from_text("inputs x; f = abs x; outputs f")
    >>> assert_subgradient(net, [0.5])
    <GradcheckResult: passed, clarke; kinks along 1 of 1 axes>
    >>> assert_subgradient(net, [2])
    Traceback (most recent call last):
    AssertionError: (2) is no Clarke subgradient
    no convention explains it; the nearest, jax, is off by 1
    no choice of relu'(0) in [0, 1], each kink its own, explains it (proved)
    the Clarke subdifferential has NO element (proved) within rounding of it
    the hull of what backpropagation may return has NO element (proved) within rounding of it
    the vector itself, taken literally, is NEITHER a Clarke subgradient, nor in the hull of what backpropagation returns
    output 0, x: 2; KINK, slopes -1 from the left and 1 to the right
    """
    found = gradcheck(net, point, gradient=gradient, seed=seed, time_limit=time_limit)
    if not found:
        said = "is no Clarke subgradient" if found.passed is False else "is not known to be a Clarke subgradient"
        lines = [f"{show_matrix(found.audit.gradient)} {said}", *found.audit.said(), *map(str, found.slopes)]
        raise AssertionError("\n".join(lines))
    return found
