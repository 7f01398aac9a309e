"""``obfuscate``: a stack of rewritings that keep the verdict, and directions carried through it both ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.net.errors import ParameterError
from subgrad_hardness.net.json_text import show
from subgrad_hardness.net.program import Program, exact_vector
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike, load
from subgrad_hardness.obfuscation.matrices import random_unimodular
from subgrad_hardness.obfuscation.registry import OBFUSCATIONS
from subgrad_hardness.randomness import Stream

#: The key of a provenance under which the steps are noted, in their order.
NOTED = "obfuscation"


def obfuscate(net: NetLike, steps: Sequence[str], *, seed: int = 0) -> Program:
    """The net after the named steps, one upon the other; the question has the same answer.

    Parameters
    ----------
    steps : names from ``obfuscation.registry.OBFUSCATIONS``, in any order, with repetitions.
    seed : of all random draws; each step has a seed of its own, which is noted.

    The provenance keeps the known verdict and notes the steps; whatever else it says, directions for instance, is about
    the net as it was (``carry_back`` takes a direction there).  Raises NetError,
    and ParameterError for an unknown step.
    """
    for number, step in enumerate(steps):
        if step not in OBFUSCATIONS:
            raise ParameterError(f"{show(step)} is unknown; known: {', '.join(OBFUSCATIONS)}", place=f"steps[{number}]")
    program = load(net)
    noted = list(_noted(program))
    for number, step in enumerate(steps, start=len(noted)):
        own = Stream(seed, "obfuscate", number, step).below(2**32)
        program = OBFUSCATIONS[step].apply(program, own)
        noted.append({"step": step, "seed": own})
    provenance = {**(program.provenance or {}), NOTED: noted}
    return program._replace(provenance=provenance)


def carry_back(program: Program, direction: Sequence[NumberLike]) -> tuple[Fraction, ...]:
    """A direction of an obfuscated net as one of the net that it was made from: a witness stays one.

    Only changes of the inputs matter; they are read off the provenance.  Raises PointError.
    """
    vector: Sequence[Fraction | int] = exact_vector(direction, program.input_count, "direction")
    for own in reversed(list(_changes(program))):
        vector = random_unimodular(program.input_count, own).times(vector)
    return tuple(map(Fraction, vector))


def carry_forward(program: Program, direction: Sequence[NumberLike]) -> tuple[Fraction, ...]:
    """The other way: a direction of the net as it was, for the obfuscated one.  Raises PointError."""
    vector: Sequence[Fraction | int] = exact_vector(direction, program.input_count, "direction")
    for own in _changes(program):
        vector = random_unimodular(program.input_count, own).solve(vector)
    return tuple(map(Fraction, vector))


def _noted(program: Program) -> Sequence[dict[str, Any]]:
    noted: Sequence[dict[str, Any]] = (program.provenance or {}).get(NOTED, [])
    return noted


def _changes(program: Program) -> Iterable[int]:
    return (int(entry["seed"]) for entry in _noted(program) if entry["step"] == "unimodular")
