"""Random programs over a dictionary, and the campaign that tries the bounds and the derived programs on them.

For every program: textbook and structural backward and forward along the unit vectors give the same gradient, exactly
where the dictionary is rational; and textbook, structural, amortised and forward costs keep their bounds.  Points lie
on kinks and ties: inputs are small integers, and constants are few.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.building import Builder
from subgrad_hardness.cost_model.dictionaries import Dictionary
from subgrad_hardness.cost_model.forward import forward
from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.variants import Variant
from subgrad_hardness.cost_model.weights import Weights

#: Values stay below this size, so that exp has one and rationals stay short.
_MOST = 30
#: How near to 0 a denominator, or the argument of a logarithm or a root, may come.
_NEAR = Fraction(1, 1000)
#: So often another operation is drawn where one has no value.
_DRAWS = 20


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a campaign found, over all its programs.

    Attributes
    ----------
    dictionary, programs, seed : what was tried.
    textbook, structural, forward : the largest ratio of each, against its bound the amortised one for structural.
    forward_share : the largest part of its bound omega_f(p) that a forward program has.
    mean_textbook, mean_structural : mean ratios; structural ones are below 1 where much of a program is dead.
    textbook_ratios, structural_ratios : of each program that is not free.
    violations : what was wrong, in words; empty as far as anybody knows.
    """

    dictionary: str
    programs: int
    seed: int
    textbook: Fraction
    structural: Fraction
    forward: Fraction
    forward_share: Fraction
    mean_textbook: float
    mean_structural: float
    textbook_ratios: tuple[Fraction, ...]
    structural_ratios: tuple[Fraction, ...]
    violations: tuple[str, ...]


def random_program(stream: Stream, dictionary: Dictionary, most_inputs: int = 6, most_steps: int = 40) -> StraightLine:
    """A program of 1 to ``most_inputs`` inputs and 1 to ``most_steps`` operations, with a point; one output."""
    inputs = stream.integer(1, most_inputs)
    build = Builder(inputs)
    point: list[Value] = [Fraction(stream.integer(-3, 3)) for _ in range(inputs)]
    values = list(point)
    computed: list[int] = list(range(inputs))
    last = 0
    for _ in range(stream.integer(1, most_steps)):
        for _ in range(_DRAWS):
            variant = dictionary.variants[stream.below(len(dictionary.variants))]
            arguments = [computed[stream.below(len(computed))] for _ in range(variant.arity)]
            if stream.below(2):  # a chain, so that not too much of the program is dead
                arguments[stream.below(variant.arity)] = last
            constants = {place: Fraction(stream.integer(-3, 3)) for place in variant.constants}
            which = Fraction(stream.below(variant.arity)) if variant.entry.group is not None else None
            value = _value(variant, [constants.get(p, values[a]) for p, a in enumerate(arguments)], which)
            if value is None:
                continue
            for place, constant in constants.items():
                arguments[place] = build.constant(constant)
                values.append(constant)
            last = build.apply(variant.operation, *arguments, parameter=which, own=variant.own)
            values.append(value)
            computed.append(last)
            break
    return build.program(last, point=point)


def _value(variant: Variant, arguments: Sequence[Value], which: Fraction | None = None) -> Value | None:
    """The value of one operation; None where it has none, is large, or comes too near to where it has none."""
    one = Builder(variant.arity)
    try:
        step = one.apply(variant.operation, *range(variant.arity), parameter=which, own=variant.own)
        program = one.program(step)
        (value,) = program.run(arguments)
        if variant.own is not None:
            backward(program).run(arguments)  # it may have no slopes here
    except PointError:
        return None
    near = {"log": 0, "sqrt": 0, "div": variant.arity - 1}
    if variant.operation in near and -_NEAR < arguments[near[variant.operation]] < _NEAR:
        return None
    long = isinstance(value, Fraction) and value.denominator.bit_length() > 200
    return value if -_MOST <= value <= _MOST and not long else None


def campaign(
    dictionary: Dictionary, programs: int, seed: int = 0, weights: Weights | None = None, limits: Limits = NO_LIMITS
) -> Tried:
    """Try so many random programs.  Raises LimitReached.  Some milliseconds a program."""
    w = Weights() if weights is None else weights
    bounds = dictionary.bounds(w)
    stream = Stream(seed, "cost", dictionary.name)
    wrong: list[str] = []
    told: list[Fraction] = []
    written: list[Fraction] = []
    pushed: list[Fraction] = []
    shares: list[Fraction] = []
    for number in range(programs):
        limits.check()
        program = random_program(stream, dictionary)
        assert program.point is not None
        cost = w.cost(program.counts)
        textbook, structural = backward(program, "textbook"), backward(program, at=program.point)
        along = forward(program, len(program.inputs), "textbook")
        unit = [Fraction(int(i == j)) for i in range(len(program.inputs)) for j in range(len(program.inputs))]
        results = [each.run(program.point) for each in (textbook, structural, backward(program))]
        results.append(along.run([*program.point, *unit]))
        if not all(_equal(results[0], each) for each in results[1:]):
            wrong.append(f"program {number}: gradients differ")
        claims: list[tuple[str, Fraction, Fraction | None, Fraction]] = [
            ("textbook", w.cost(textbook.counts), bounds.textbook.value, Fraction(0)),
            ("structural", w.cost(structural.counts), bounds.structural.value, Fraction(0)),
            ("amortised", w.cost(structural.counts), bounds.amortised.value, w.add),
            ("forward", w.cost(along.counts), bounds.omega_f(len(program.inputs)).value, Fraction(0)),
        ]
        for name, found, bound, rest in claims:
            if bound is not None and found > bound * cost + rest:
                wrong.append(f"program {number}: {name} {found} > {bound} * {cost} + {rest}")
        if cost:
            told.append(w.cost(textbook.counts) / cost)
            written.append(w.cost(structural.counts) / cost)
            pushed.append(w.cost(along.counts) / cost)
            most = bounds.omega_f(len(program.inputs)).value
            shares += [pushed[-1] / most] if most else []
    count = max(len(told), 1)
    return Tried(
        dictionary=dictionary.name,
        programs=programs,
        seed=seed,
        textbook=max(told, default=Fraction(0)),
        structural=max(written, default=Fraction(0)),
        forward=max(pushed, default=Fraction(0)),
        forward_share=max(shares, default=Fraction(0)),
        mean_textbook=float(sum(told)) / count,
        mean_structural=float(sum(written)) / count,
        textbook_ratios=tuple(told),
        structural_ratios=tuple(written),
        violations=tuple(wrong),
    )


def _equal(first: Sequence[Value], second: Sequence[Value]) -> bool:
    """Exactly, or to 1e-6 where a float has come in."""
    for one, other in zip(first, second, strict=True):
        if isinstance(one, Fraction) and isinstance(other, Fraction):
            if one != other:
                return False
        elif not math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6):
            return False
    return True
