"""What every public answer has for people: the command line's text, its numbers as doubles, a view for notebooks.

The text is written here, beside the answer, and the commands print it: there is one.  Answers stay exact; doubles are a
view of them, each the nearest one to its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.errors import one_line

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

#: With smooth operations F'(x0; .) does not tell all Clarke subgradients (SPEC 6).
OF_LEXICOGRAPHIC = "smooth operations: all this is about lexicographic subgradients; Clarke's set may be larger"

#: Whose dataclasses are parts of an answer; those of other rooms (programs, certificates) have views of their own.
_PARTS = ("subgrad_hardness.api.", "subgrad_hardness.derivative.sampling")


#: Letters of a line that stands for an answer.
_SHOWN = 120


class Readable:
    """A base of all public answers."""

    __slots__ = ()

    #: Whether the text is a table.
    _columns: ClassVar[bool] = False

    def __repr__(self) -> str:
        """Its first line, or what of that is readable: fields may hold thousands of numbers."""
        line = one_line(self.lines()[0])
        return f"<{type(self).__name__}: {line if len(line) <= _SHOWN else line[:_SHOWN] + '...'}>"

    def lines(self) -> list[str]:
        """The answer for people, a line each; names in it may hold anything."""
        raise NotImplementedError

    def explain(self) -> str:
        """The answer for people: what the command prints, without the last line break.

        Examples
        --------
        >>> import subgrad_hardness as sh
        >>> print(sh.support({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}, [1]).explain())
        direction u = (1) at (0)
          greatest slope nearby    F°(x0; u) = 1, certified
          directional derivative   F'(x0; u) = 1
          Clarke regular in this direction
          attained by (1)
        """
        return "\n".join([one_line(line) for line in self.lines()])

    def to_numpy(self) -> dict[str, NDArray[float64]]:
        """All exact numbers, vectors and matrices of the answer as arrays of doubles, by name (``clarke.vertices``).

        Each double is the one nearest to its number, infinite beyond the doubles' range.  Lists whose entries differ in
        shape are left out.

        Examples
        --------
        >>> import subgrad_hardness as sh
        >>> answer = sh.check({"inputs": 1, "layers": [{"weight": [["1/3"]], "activation": "abs"}]})
        >>> answer.to_numpy()["subgradients"].tolist()
        [[[-0.3333333333333333]], [[0.3333333333333333]]]
        """
        import numpy as np

        found: dict[str, NDArray[float64]] = {}
        for name, value in self.exact_values():
            numbers = _doubles(value)
            try:
                found[name] = np.array(numbers, dtype=np.float64)
            except ValueError:  # rows of several lengths
                continue
        return found

    def exact_values(self) -> Iterator[tuple[str, Any]]:
        """The names of all exact numbers, vectors, matrices and lists of matrices, with these; those of parts after a
        dot."""
        yield from _values(self, "")

    def _repr_html_(self) -> str:
        from subgrad_hardness.common.html import block, exact_value, fold, table, text
        from subgrad_hardness.net.rational import format_rational

        head, *rest = self.explain().split("\n")
        shown = {name: exact_value(value, format_rational) for name, value in self.exact_values()}
        exact = {name: value for name, value in shown.items() if value is not None}
        return block(head, text(rest, columns=self._columns), fold("exact values", table(exact)) if exact else "")


def of_statement(statement: str | None) -> list[str]:
    """Of which subgradients an answer speaks, where that is not Clarke's whole set."""
    return [OF_LEXICOGRAPHIC] if statement == "lexicographic" else []


def of_proof(why: str | None, uncertified: str | None) -> list[str]:
    """Why an answer is not known, or, of one that is known, why it has no certificate."""
    if why is not None:
        return [why]
    return [] if uncertified is None else [f"no certificate: {uncertified}"]


def _values(answer: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    names = [field.name for field in fields(answer)]
    names += [name for name, each in vars(type(answer)).items() if isinstance(each, property)]
    for name in names:
        yield from _value(prefix + name, getattr(answer, name))


def _value(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    from subgrad_hardness.common.html import depth_of  # a check has no use for it

    if depth_of(value) is not None:
        yield name, value
    elif _is_part(value):
        yield from _values(value, f"{name}.")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if isinstance(key, str):
                yield from _value(f"{name}.{key}", each)
    elif isinstance(value, tuple) and value and all(map(_is_part, value)):
        rows = [dict(_values(each, f"{name}.")) for each in value]
        for key in rows[0]:
            listed = [row[key] for row in rows if key in row]
            if len(listed) == len(rows):
                yield key, listed


def _is_part(value: Any) -> bool:
    return is_dataclass(value) and type(value).__module__.startswith(_PARTS)


def _doubles(value: Any) -> Any:
    if isinstance(value, Fraction | int):
        return as_double(value)
    return [_doubles(entry) for entry in value]
