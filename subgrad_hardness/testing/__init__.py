"""Assertions for the tests of whoever computes gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from subgrad_hardness.api.gradcheck import GradcheckResult, gradcheck
from subgrad_hardness.api.shown import show_matrix
from subgrad_hardness.common.errors import ParameterError

if TYPE_CHECKING:
    from subgrad_hardness.models.torch_arguments import Wrt


def assert_subgradient(
    net: Any,
    gradient: Any = None,
    *,
    point: Any = None,
    loss: Callable[[Any], Any] | None = None,
    wrt: Wrt = "inputs",
    mode: str = "backward",
    seed: int = 0,
    time_limit: float | None = None,
) -> GradcheckResult:
    """Fail with the reasons unless a gradient is a Clarke subgradient, exactly or up to proved rounding.

    Parameters
    ----------
    net : path, mapping, Program, a torch module, or a function of torch or jax.
    gradient : what is claimed; without it the gradient that torch or jax returns, or backpropagation of the net with
        relu'(0) = 0.
    point : where; a net has a point of its own, a module or function needs one.
    loss, wrt, mode : as in ``gradcheck``.
    seed, time_limit : as in ``audit``.

    Returns
    -------
    GradcheckResult

    Raises
    ------
    AssertionError
        The gradient is none, or nothing is known within the limits.
    ParameterError
        A module or function without a point.

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
    >>> module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU())  # doctest: +SKIP
    >>> assert_subgradient(module, point=torch.zeros(1, 3), loss=lambda y: y.sum())  # doctest: +SKIP
    <GradcheckResult: passed, lexicographic; kinks along 0 of 3 axes>
    """
    if callable(net) and point is None:
        said = "a module or function has no point of its own; assert_subgradient(module, point=x), the gradient is then"
        raise ParameterError(f"{said} torch's or jax's own", place="point")
    found = gradcheck(net, point, gradient=gradient, loss=loss, wrt=wrt, mode=mode, seed=seed, time_limit=time_limit)
    if not found:
        said = "is no Clarke subgradient" if found.passed is False else "is not known to be a Clarke subgradient"
        lines = [f"{show_matrix(found.audit.gradient)} {said}", *found.audit.said(), *map(str, found.slopes)]
        raise AssertionError("\n".join(lines))
    return found
