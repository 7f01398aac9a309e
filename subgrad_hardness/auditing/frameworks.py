"""What an audit asks of a framework that differentiates: the contract that jax and torch are read by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

#: Reverse-mode differentiation, a gradient an output; and by Jacobian-vector products, a column an input.
MODES = ("backward", "forward")

#: Of an entry of a result, by number, the derivatives by the argument's entries at these places.
Shares = Callable[[int, Sequence[int]], list[float]]


class Framework(Protocol):
    """How an operation is differentiated by a framework; entries are in row-major order.

    ``place`` is what stands for a file in errors, ``mode`` one of ``MODES``.
    """

    name: str
    place: str
    mode: str

    def version(self) -> str:
        """That of what is installed."""

    def entries(self, array: Any) -> list[float]:
        """The entries of an array, exactly, in doubles."""

    def partials(self, compute: Callable[..., Any], arrays: Sequence[Any]) -> list[tuple[list[float], list[float]]]:
        """Of an operation on each entry: an argument's entries, in the result's shape, and the derivatives by them."""

    def rows(self, compute: Callable[..., Any], array: Any) -> tuple[list[float], Shares]:
        """The argument's entries, and what gives the derivatives of one entry of the result by some of them."""
