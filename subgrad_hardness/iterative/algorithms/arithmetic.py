"""The same formulas in two arithmetics: arrays of Fractions, which decide, and arrays of doubles, which are fast.

An algorithm is written down once, over numpy arrays.  With ``EXACT`` their entries are Fractions (or ints), with
``FLOAT`` they are doubles; an entry that a user gives as a double is the rational that it denotes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.resolvent import rational_matrix, rows_of
from subgrad_hardness.net.json_text import Reader
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.rational import exact

if TYPE_CHECKING:
    from flint import fmpq_mat
    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    Array = Any


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How numbers of one kind are read and inverted; the rest is numpy's.  Beyond doubles they are infinite."""

    is_exact: bool

    def array(self, values: object) -> Array:
        """Checked values (``vector``, ``matrix``) in this arithmetic."""
        import numpy as np

        if self.is_exact:
            read = np.array(plain_fractions(values), dtype=object)
            return read if read.ndim else read.reshape(())
        if isinstance(values, np.ndarray) and values.dtype != object:
            return np.asarray(values, dtype=float)
        read = np.array(plain_fractions(values), dtype=object)
        return np.array([as_double(value) for value in read.ravel().tolist()]).reshape(read.shape)

    def number(self, value: Fraction) -> Any:
        """One rational."""
        return value if self.is_exact else as_double(value)

    def eye(self, size: int) -> Array:
        """The identity."""
        import numpy as np

        return np.eye(size, dtype=object if self.is_exact else float)

    def zeros(self, *shape: int) -> Array:
        """Zeros."""
        import numpy as np

        return np.zeros(shape, dtype=object if self.is_exact else float)

    def inverse(self, matrix: Array, what: str) -> Array:
        """The inverse.  Raises ParameterError, naming ``what``, where there is none."""
        import numpy as np

        try:
            if not self.is_exact:
                return np.linalg.inv(matrix)
            inverse = flint_matrix(matrix).inv()
        except (np.linalg.LinAlgError, ZeroDivisionError):
            raise ParameterError("singular", place=what) from None
        return from_flint(inverse)


EXACT = Arithmetic(is_exact=True)
FLOAT = Arithmetic(is_exact=False)


def finite(values: Array, place: str) -> Array:
    """The doubles.  Raises ParameterError where one of them is infinite, or no number."""
    import numpy as np

    if not np.isfinite(values).all():
        raise ParameterError("a number is beyond the range of doubles", place=place)
    return values


def plain_fractions(values: object) -> Any:
    """Nested lists of Fractions from nested sequences of ints, Fractions and doubles."""
    if hasattr(values, "tolist"):
        values = values.tolist()
    if isinstance(values, list | tuple):
        return [plain_fractions(value) for value in values]
    return exact(values)  # type: ignore[arg-type]


def flint_matrix(matrix: Array) -> fmpq_mat:
    """An array of rationals as python-flint's matrix."""
    return rational_matrix(matrix.tolist(), matrix.shape[1])


def from_flint(matrix: fmpq_mat) -> Array:
    """The way back."""
    import numpy as np

    return np.array(rows_of(matrix), dtype=object)


def vector(values: object, what: str, length: int | None = None) -> Any:
    """A user's vector: an array of doubles as it is, anything else as a list of exact numbers.

    Raises ParameterError, naming the entry.
    """
    ready = _doubles(values, 1, what)
    if ready is not None:
        read: Any = ready
    else:
        reader = Reader("", ParameterError)
        plain = reader.sequence(plain_value(values), what, "a list of numbers")
        read = [exact(reader.number(value, f"{what}[{index}]")) for index, value in enumerate(plain)]
    if length is not None and len(read) != length:
        raise ParameterError(f"{count(len(read), 'entry', 'entries')}, expected {length}", place=what)
    return read


def matrix(values: object, what: str, rows: int | None = None, columns: int | None = None) -> Any:
    """A user's matrix, read as ``vector`` reads; symmetric ones are asked for by ``symmetric``."""
    ready = _doubles(values, 2, what)
    if ready is not None:
        read: Any = ready
    else:
        reader = Reader("", ParameterError)
        plain = reader.sequence(plain_value(values), what, "a list of rows")
        read = []
        for i, row in enumerate(plain):
            entries = reader.sequence(row, f"{what}[{i}]", "a row of numbers")
            read.append([exact(reader.number(value, f"{what}[{i}][{j}]")) for j, value in enumerate(entries)])
    if len(read) == 0 or len(read[0]) == 0:
        raise ParameterError("empty", place=what)
    for i, row in enumerate(read if isinstance(read, list) else read[:1]):
        wanted = len(read[0]) if columns is None else columns
        if len(row) != wanted:
            raise ParameterError(f"{count(len(row), 'entry', 'entries')}, expected {wanted}", place=f"{what}[{i}]")
    if rows is not None and len(read) != rows:
        raise ParameterError(f"{count(len(read), 'row')}, expected {rows}", place=what)
    return read


def symmetric(values: object, what: str) -> Any:
    """A user's symmetric matrix.  Raises ParameterError."""
    read = matrix(values, what)
    size = len(read)
    if len(read[0]) != size:
        raise ParameterError(f"{count(size, 'row')} of {len(read[0])}, expected a square matrix", place=what)
    if not isinstance(read, list) and (read == read.T).all():
        return read
    for i in range(size):
        for j in range(i):
            if read[i][j] != read[j][i]:
                raise ParameterError("not symmetric", place=f"{what}[{i}][{j}]")
    return read


def number(value: object, what: str, *, positive: bool = False) -> Fraction:
    """A user's number.  Raises ParameterError."""
    reader = Reader("", ParameterError)
    plain = plain_value(value.item() if getattr(value, "size", 0) == 1 and hasattr(value, "item") else value)
    read = exact(reader.number(plain, what))
    if positive and read <= 0:
        raise ParameterError("not positive", place=what)
    return read


def _doubles(values: object, dimension: int, what: str) -> Array | None:
    """An array of finite doubles as such; None where it is none."""
    import numpy as np

    if not isinstance(values, np.ndarray) or values.dtype.kind != "f" or values.ndim != dimension:
        return None
    if not np.isfinite(values).all():
        raise ParameterError("holds what is no finite number", place=what)
    return values.astype(float)
