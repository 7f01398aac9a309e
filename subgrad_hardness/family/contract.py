"""The family contract: a named generator of nets with declared, validated parameters.

A new family is one file that builds a ``Family`` and one line in ``family.registry``.  Its parameters are the fields of
a frozen dataclass, each with its declaration: the command line and the library call both come from it, and the
family's code reads typed values::

    @dataclass(frozen=True, kw_only=True)
    class StarValues(Values):
        rays: int = integer("number of rays", required=True, low=1, high=1000)
        shut: bool = flag("close the star again")

    def _make(values: StarValues, given: frozenset[str]) -> Program: ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from html import escape
from typing import Any, Generic, TypeVar

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.parameters import Choice, File, Flag, Integer, Parameter, Rational, Widths
from subgrad_hardness.net.json_text import show
from subgrad_hardness.net.program import Program


def _declared(parameter: Parameter) -> Any:
    """The field of a dataclass that carries a declaration; its name is the parameter's."""
    return field(metadata={_KEY: parameter})


# What these return is a dataclass's field, which type checkers take for a default of the annotated type.


def integer(text: str, *, default: int | None = None, required: bool = False, low: int, high: int = 2**64 - 1) -> Any:
    """Declare an integer in [low, high]; without a default and not required it may be None."""
    return _declared(Integer("", text, default, required, low=low, high=high))


def random_seed(only_with: str | None = None) -> Any:
    """Declare the seed that every family with random draws has; ``only_with`` names the flag without which it draws
    nothing."""
    when = "" if only_with is None else f", which there are only with --{only_with}"
    return _declared(Integer("", f"seed of the random draws{when}", 0, only_with=only_with))


def rational(
    text: str, *, default: Fraction | None = None, required: bool = False, low: int = 0, high: int = 10**6
) -> Any:
    """Declare an exact rational in [low, high]; without a default and not required it may be None."""
    return _declared(Rational("", text, default, required, low=low, high=high))


def choice(text: str, options: Sequence[str], *, default: str | None = None) -> Any:
    """Declare one of a few words; without a default it may be None."""
    return _declared(Choice("", text, default, options=tuple(options)))


def flag(text: str) -> Any:
    """Declare a flag, which is not set by default."""
    return _declared(Flag("", text, False))


def readable_file(text: str) -> Any:
    """Declare a path, which may be None."""
    return _declared(File("", text))


def layer_widths(text: str, *, least: int = 2) -> Any:
    """Declare the layer widths of a net, which are required."""
    return _declared(Widths("", text, None, True, least=least))


_KEY = "parameter"


@dataclass(frozen=True, kw_only=True)
class Values:
    """The values of a family's parameters; a family's own class says which.  A field without a declaration is none."""

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """The declarations, in the order of the fields."""
        declared = [(entry.name, entry.metadata[_KEY]) for entry in fields(cls) if _KEY in entry.metadata]
        return tuple(replace(parameter, name=name) for name, parameter in declared)

    def declared(self) -> dict[str, Any]:
        """The values of the declared parameters by name, in their order."""
        return {parameter.name: getattr(self, parameter.name) for parameter in self.parameters()}


V = TypeVar("V", bound=Values)


@dataclass(frozen=True, slots=True, repr=False)
class Family(Generic[V]):
    """A named generator of nets.

    Attributes
    ----------
    name, aliases : how the command line and ``generate`` call it.
    summary : one line.
    values : the class of its parameters' values, which declares them.
    make : ``make(values, given)`` builds the net from validated values, defaults filled in, and the names of the
        parameters that were given; raises ParameterError where they do not fit together.
    one_of : parameters of which exactly one has to be given.
    example : options with which ``generate`` makes a net of a moderate size; none where the defaults make one,
        from draws if there is a seed.
    picture : a paragraph that lets a reader see the net: its formula and shape, its sizes, where its two
        subgradients are or why there are none; plain text, any number of lines.
    """

    name: str
    summary: str
    values: type[V]
    make: Callable[[V, frozenset[str]], Program]
    aliases: tuple[str, ...] = ()
    picture: str = ""
    one_of: tuple[str, ...] = ()
    example: str = ""

    def __repr__(self) -> str:
        return f"<Family {', '.join((self.name, *self.aliases))}: {self.summary}>"

    def _repr_html_(self) -> str:
        from subgrad_hardness.common.html import block, table

        rows = {parameter.name: escape(parameter.described(self.one_of)) for parameter in self.parameters}
        return block(repr(self), f"<p>{escape(' '.join(self.picture.split()))}</p>", table(rows))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What it takes, in the order of the help text."""
        return self.values.parameters()

    def build(self, **given: object) -> Program:
        """The net for these parameters; ``None``, and ``False`` for a flag, count as not given.

        Raises ParameterError for an unknown parameter, a value outside its range, one that is missing, or values that
        do not fit together.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise ParameterError(
                    f"unknown parameter of {self.name}; known: {', '.join(known)}", place=show(name).strip('"')
                )
        explicit = {name: known[name].read(value) for name, value in given.items() if value is not None}
        for parameter in known.values():
            if parameter.required and parameter.name not in explicit:
                raise ParameterError("missing", place=parameter.option)
        if self.one_of and len(explicit.keys() & set(self.one_of)) != 1:
            raise ParameterError(f"give {' or '.join(self.one_of)}, one of them", place=self.one_of[0])
        defaults = {parameter.name: parameter.default for parameter in known.values()}
        names = frozenset(name for name, value in explicit.items() if value is not False)
        return self.make(self.values(**{**defaults, **explicit}), names)
