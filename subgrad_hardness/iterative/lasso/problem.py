"""X and y in integers, over one denominator each; doubles become these by shifts."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any

from subgrad_hardness.iterative.algorithms.arithmetic import FLOAT, Array, matrix, vector
from subgrad_hardness.net.rational import common_denominator


class Problem:
    """X = ``design`` / ``over`` and y = ``data`` / ``under``, of n rows and p columns.

    Parameters
    ----------
    X, y : as users give them.  Raises ParameterError for wrong shapes and what is no number.
    """

    def __init__(self, X: object, y: object) -> None:  # noqa: N803 - the letters of the field
        given = matrix(X, "X")
        answers = vector(y, "y", len(given))
        self.rows, self.columns = len(given), len(given[0])
        self.doubles: tuple[Array, Array] = FLOAT.array(given), FLOAT.array(answers)
        entries, self.over = _integers(given)
        self.data, self.under = _integers(answers)
        self.column_lists = [entries[column :: self.columns] for column in range(self.columns)]

    @cached_property
    def transposed(self) -> Any:
        """The integers of X^T as a matrix of python-flint."""
        from flint import fmpz_mat

        return fmpz_mat(self.columns, self.rows, [entry for column in self.column_lists for entry in column])

    def transposed_columns(self, columns: tuple[int, ...]) -> Any:
        """The rows of X^T that belong to these columns of X."""
        from flint import fmpz_mat

        return fmpz_mat(len(columns), self.rows, [entry for column in columns for entry in self.column_lists[column]])


def _integers(values: Any) -> tuple[list[int], int]:
    """Numbers, row after row, as integers over one positive denominator."""
    import numpy as np

    if not isinstance(values, np.ndarray):
        flat = [entry for row in values for entry in row] if isinstance(values[0], list) else list(values)
        return common_denominator([Fraction(entry) for entry in flat])
    mantissas, exponents = np.frexp(values.ravel())
    whole = np.ldexp(mantissas, 53).astype(np.int64)
    exponents = np.where(whole == 0, 0, exponents - 53)
    while (even := (whole != 0) & (whole % 2 == 0)).any():  # small integers stay small
        zeros = np.where(even, 1, 0)
        whole, exponents = whole >> zeros, exponents + zeros
    least = min(int(exponents.min(initial=0)), 0)
    shifts = np.where(whole == 0, 0, exponents - least)
    return [entry << shift for entry, shift in zip(whole.tolist(), shifts.tolist(), strict=True)], 1 << -least
