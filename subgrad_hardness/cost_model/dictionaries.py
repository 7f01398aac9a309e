"""Dictionaries, and the constants of the cheap gradient principle that hold for every program over one of them.

With c the cost of an entry's value, c_d of value and all local slopes, c_s of value and what sweeps share, c_b of its
own sweep back, c_t of its own push (the dearest branch each), a its arguments and q the outputs of the program:

    omega_b     max over entries of (c_d + q a (c_mul + c_add)) / c    textbook backward   <= omega_b cost(P)
    omega_s     max of (c_s + q (c_b + a c_add)) / c                  structural backward <= omega_s cost(P)
    omega_a     max of (c_s + q (c_b + (a - 1) c_add)) / c            structural backward <= omega_a cost(P) + q c_add
    omega_f(k)  max of (c_d + k (a c_mul + (a - 1) c_add)) / c        textbook forward    <= omega_f(k) cost(P)
    omega_f(k)  max of (c_s + k c_t) / c                              structural forward, changes of sign apart
    lex(k)      max of (c_s + k (c_t + comparisons c_cmp)) / c        vector forward with the branches of a direction

Proofs.  A textbook program costs exactly the sum of the numerators.  In one structural sweep, let n steps be swept and
r inputs be reached.  Every step but the output, and every input that is reached, has a first contribution, which is an
assignment; all others are additions: at most sum a - (n - 1) - r = sum (a - 1) + 1 - r of them.  Signs travel until
they meet an addition or are given out, which costs a change of sign for each of the r inputs at most: together
sum (a - 1) + 1 additions, the amortised bound.  Without the trade, a additions a step cover it as soon as a step is
swept.  A sort of n is one entry with n results, which are n steps: they have n contributions together, and n first
ones.  "Structural" are programs derived at a point, whose branches are known; where all branches are kept, abs pays
for the sign of its adjoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.cost_model.applying import active
from subgrad_hardness.cost_model.primitives import CONSTANT, Value
from subgrad_hardness.cost_model.rules import Entry
from subgrad_hardness.cost_model.steps import Line
from subgrad_hardness.cost_model.variants import Variant, VariantCosts, costs
from subgrad_hardness.cost_model.weights import Counts, Weights

#: Of two arguments, of which either may be the constant: a variant with a constant has it first.
SYMMETRIC = ("mul", "add")

_ARITHMETIC = (Variant("add", 2), Variant("mul", 2))
_SCALE = Variant("mul", 2, (0,), "scale")
_SHIFT = Variant("add", 2, (1,), "shift")
_LINEAR = (_SCALE, _SHIFT, Variant("add", 2), Variant("sub", 2), Variant("neg", 1))
_KINKS = (
    *(Variant(name, 1) for name in ("relu", "abs", "leaky_relu", "hardtanh", "relu6")),
    *(Variant(name, arity) for name in ("max", "min") for arity in (2, 3, 4)),
)
_SUMS = tuple(Variant("sum", arity) for arity in (2, 3, 4))
_SMOOTH = tuple(Variant(name, 1) for name in ("exp", "log", "sqrt", "elu", "softplus", "sigmoid", "tanh"))
_SORTS = tuple(Variant("sort", arity) for arity in (2, 3, 4))
_NORMS = tuple(Variant("norm", arity) for arity in (2, 3))
_RATIONAL = (*_ARITHMETIC, Variant("sub", 2), Variant("div", 2))


class Growth(NamedTuple):
    """start + k slope, and the entry whose it is."""

    start: Fraction
    slope: Fraction
    entry: str

    def at(self, k: int) -> Fraction:
        """The value for k."""
        return self.start + k * self.slope


class Bound(NamedTuple):
    """A constant and the entry that attains it.  None: there is none, as an entry that is free pays for sweeps."""

    value: Fraction | None
    entry: str


@dataclass(frozen=True)
class Bounds:
    """The constants of a dictionary, for the weights and the number of outputs that they were asked for.

    ``textbook`` is omega_b, ``structural`` omega_s, ``amortised`` omega_a.  ``forward`` and ``push``, omega_f(k) of the
    textbook and of the structural form, and ``lexicographic`` are lines; their maximum is the bound for k directions.
    """

    textbook: Bound
    structural: Bound
    amortised: Bound
    forward: tuple[Growth, ...]
    push: tuple[Growth, ...]
    lexicographic: tuple[Growth, ...]

    @property
    def omega_b(self) -> Bound:
        """Of textbook backward."""
        return self.textbook

    @property
    def omega_s(self) -> Bound:
        """Of structural backward."""
        return self.structural

    @property
    def omega_a(self) -> Bound:
        """Of structural backward but for one addition an output."""
        return self.amortised

    def omega_f(self, k: int) -> Bound:
        """Of textbook forward in k directions."""
        return _highest(self.forward, k)

    def pushed(self, k: int) -> Bound:
        """Of structural forward in k directions."""
        return _highest(self.push, k)

    def lex(self, k: int) -> Bound:
        """Of the lexicographic derivative along k directions."""
        return _highest(self.lexicographic, k)


@dataclass(frozen=True)
class Dictionary:
    """A set of entries; every program over it keeps its bounds."""

    name: str
    about: str
    variants: tuple[Variant, ...]

    @property
    def own(self) -> bool:
        """Whether it has entries of its own, and comes from a file."""
        return any(variant.own is not None for variant in self.variants)

    def lacks(self, other: Dictionary) -> list[str]:
        """The entries of another one that this has not; what is built in for 2 arguments holds for more."""
        return [variant.name for variant in other.variants if not any(_covers(mine, variant) for mine in self.variants)]

    def bounds(self, weights: Weights | None = None, outputs: int = 1) -> Bounds:
        """The constants, by definition, with the entries that attain them.

        >>> DICTIONARIES["pl"].bounds().textbook
        Bound(value=Fraction(5, 1), entry='add')
        """
        w = Weights() if weights is None else weights
        found = [(variant, costs(variant)) for variant in self.variants]

        def constant(extra: Callable[[Variant, VariantCosts], Fraction]) -> Bound:
            ratios = [Bound(_ratio(extra(variant, each), w.cost(each.value)), variant.name) for variant, each in found]
            if not ratios:  # a program without operations
                return Bound(None, "")
            if any(ratio.value is None for ratio in ratios):
                return next(ratio for ratio in ratios if ratio.value is None)
            return max(ratios, key=lambda ratio: ratio.value or Fraction(0))

        def swept(contributions: int) -> Callable[[Variant, VariantCosts], Fraction]:
            def extra(variant: Variant, each: VariantCosts) -> Fraction:
                back = w.cost(each.most(each.back, w)) + (len(variant.variables) + contributions) * w.add
                return w.cost(each.shared) + outputs * back

            return extra

        def lines(parts: Callable[[Variant, VariantCosts], tuple[Fraction, Fraction]]) -> tuple[Growth, ...]:
            made = []
            for variant, each in found:
                start, slope = parts(variant, each)
                cost = w.cost(each.value)
                if cost:
                    made.append(Growth(start / cost, slope / cost, variant.name))
                elif start or slope:
                    return ()
            return tuple(made)

        def told(variant: Variant) -> int:
            return len(variant.variables)

        return Bounds(
            constant(lambda v, each: w.cost(each.derived) + outputs * told(v) * (w.mul + w.add)),
            constant(swept(0)),
            constant(swept(-1)),
            lines(lambda v, each: (w.cost(each.derived), told(v) * w.mul + (told(v) - 1) * w.add)),
            lines(lambda v, each: (w.cost(each.shared), w.cost(each.most(each.push, w)))),
            lines(
                lambda v, each: (
                    w.cost(each.shared),
                    w.cost(each.most(each.push, w).plus(Counts(cmp=each.comparisons))),
                )
            ),
        )


def dictionary_of(program: Line, wrt: Sequence[int] | None = None) -> Dictionary:
    """The entries that a program uses, what is not differentiated being constant: the sharpest bounds for it."""
    flat = program.flat
    live = active(flat, range(len(flat.inputs)) if wrt is None else wrt)
    steps = (step for step in flat.steps if step.operation != CONSTANT)
    told = ((step, tuple([bool(live[argument]) for argument in step.arguments])) for step in steps)
    return own_dictionary(OwnStep(step.operation, each, step.entry, step.parameter) for step, each in told)


class OwnStep(NamedTuple):
    """An operation of a program, which of its arguments are differentiated, its entry if that is not built in, and its
    parameter."""

    operation: str
    live: tuple[bool, ...]
    own: Entry | None = None
    parameter: Value | None = None


def own_dictionary(steps: Iterable[OwnStep]) -> Dictionary:
    """The entries of these operations."""
    found: dict[Variant, None] = {}
    for operation, live, own, parameter in dict.fromkeys(steps):
        constants, label = tuple([place for place, each in enumerate(live) if not each]), ""
        if own is None and operation in SYMMETRIC and len(constants) == 1:
            constants, label = (0,), "scale" if operation == "mul" else "shift"
        variant = Variant(operation, len(live), constants, label, own)
        found[variant._replace(exponent=parameter) if variant.entry.shaped else variant] = None
    return Dictionary("program", "the operations of the program", tuple(found))


def _covers(mine: Variant, other: Variant) -> bool:
    """Whether a bound that holds for ``mine`` holds for ``other``.

    An argument that is constant costs less; the ratios of sums and extremes fall with the number of arguments, that of
    the norm stays below those of products; a change of sign is a subtraction.
    """
    if mine.operation == "sub" and other.operation == "neg":
        return True
    wide = mine.own is None and mine.entry.arity is None and other.arity > 1
    same = mine.operation == other.operation and (wide or mine.arity == other.arity)
    return same and set(mine.constants) <= set(other.constants)


def highest_lines(lines: Sequence[Growth]) -> list[Growth]:
    """The lines that are highest for some number of directions from 1 on, the first such number first."""
    found: list[Growth] = []
    k = 1
    while lines:
        best = max(lines, key=lambda line: (line.at(k), line.slope))
        found.append(best)
        lines = [line for line in lines if line.slope > best.slope]
        # Where a steeper one comes above: after the crossing that is next.
        k = min((floor((best.start - line.start) / (line.slope - best.slope)) + 1 for line in lines), default=k)
    return found


def _ratio(numerator: Fraction, cost: Fraction) -> Fraction | None:
    if cost:
        return numerator / cost
    return None if numerator else Fraction(0)


def _highest(lines: Sequence[Growth], k: int) -> Bound:
    if not lines:
        return Bound(None, "")
    best = max(lines, key=lambda line: line.at(k))
    return Bound(best.at(k), best.entry)


#: What the constants are called in formulas, by the attributes of ``Bounds``.
NAMES = {
    "textbook": "omega_b",
    "structural": "omega_s",
    "amortised": "omega_a",
    "forward": "omega_f(k)",
    "push": "omega_f(k)",
    "lexicographic": "lex(k)",
}

DICTIONARIES: dict[str, Dictionary] = {
    each.name: each
    for each in (
        Dictionary("polynomial", "{+, x}", _ARITHMETIC),
        Dictionary("relu", "{+, -, x, relu}", (*_ARITHMETIC, Variant("sub", 2), Variant("relu", 1))),
        Dictionary("rational", "{+, -, x, /}", _RATIONAL),
        Dictionary("pl", "piecewise linear: what nets are made of", (*_LINEAR, *_KINKS, *_SUMS)),
        Dictionary(
            "full",
            "everything",
            tuple(dict.fromkeys((*_RATIONAL, *_LINEAR, *_KINKS, *_SUMS, *_SMOOTH, *_SORTS, *_NORMS))),
        ),
    )
}


def dictionary(name: str) -> Dictionary:
    """A dictionary of operations, whose constants of the cheap gradient principle can be asked for.

    Parameters
    ----------
    name : str
        ``polynomial``, ``relu``, ``rational``, ``pl`` (piecewise linear) or ``full``.

    Returns
    -------
    Dictionary
        ``bounds(weights)`` has the constants and the entries that attain them.

    Raises
    ------
    ParameterError
        An unknown name.

    Notes
    -----
    The constants are computed from the programs of the entries, a few hundred operations.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> found = sh.dictionary("rational").bounds()
    >>> found.omega_b, found.omega_f(10).value
    (Bound(value=Fraction(8, 1), entry='div'), Fraction(34, 1))
    """
    if name not in DICTIONARIES:
        raise ParameterError(f"unknown dictionary {name!r}; known: {', '.join(DICTIONARIES)}", place="dictionary")
    return DICTIONARIES[name]
