"""What numpy's operators and functions do with expressions: signs are the expressions' own, functions are refused."""

from __future__ import annotations

from typing import Any

#: numpy's functions behind the signs, and the methods of expressions for these.
_SIGNS = {"add": "add", "subtract": "sub", "multiply": "mul", "divide": "truediv", "matmul": "matmul", "power": "pow"}
_INSTEAD = {
    **dict.fromkeys(("maximum", "fmax"), "sh.maximum"),
    **dict.fromkeys(("minimum", "fmin"), "sh.minimum"),
    **dict.fromkeys(("absolute", "fabs"), "abs"),
}


class LeftToExpressions:
    """What numpy's functions hand over to: signs between arrays and expressions are the expressions' own."""

    __slots__ = ()

    def __array_ufunc__(self, function: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """What ``function`` makes of the inputs; of functions that are no signs it is said what to use instead."""
        return _applied(self, function.__name__, inputs)


def _applied(own: Any, name: str, inputs: tuple[Any, ...]) -> Any:
    """``array + expression`` and the like, as if numpy left them to the expression.

    ``name`` is that of numpy's function, ``own`` the expression.  Raises TypeError for all others, with a hint.
    """
    if name in ("equal", "not_equal"):
        return name == "not_equal"  # an expression is no array
    if name in _SIGNS and len(inputs) == 2:
        left, right = inputs
        method = f"__{_SIGNS[name]}__" if left is own else f"__r{_SIGNS[name]}__"
        made = getattr(own, method, None)
        found = NotImplemented if made is None else made(right if left is own else left)
        if found is not NotImplemented:
            return found
    instead = _INSTEAD.get(name, "arithmetic, abs, sh.relu, sh.maximum and sh.minimum")
    raise TypeError(f"numpy's {name} knows no expressions: use {instead}")
