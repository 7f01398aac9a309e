"""``obfuscate``: a stack of rewritings that keep the verdict, and witnesses carried through it both ways."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

from subgrad_hardness.api.options import require_seed
from subgrad_hardness.common.errors import NetError, ParameterError, PointError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.common.words import count
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.json_text import show
from subgrad_hardness.net.layered_format import MAX_UNITS
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.smooth_operations import piecewise_linear_operation
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.obfuscation.contract import Carrying, Vector
from subgrad_hardness.obfuscation.registry import OBFUSCATIONS
from subgrad_hardness.obfuscation.sizes import refuse_unreadable

#: The key of a provenance under which a stack is noted: ``{"of": digest, "steps": [{"step": name, "seed": N}]}``.
NOTED = "obfuscation"

_Rows = tuple[tuple[Fraction, ...], ...]


class _Step(NamedTuple):
    name: str
    seed: int


def obfuscate(net: NetLike, steps: Sequence[str], *, seed: int = 0) -> Program:
    """The net after the named rewritings, one upon the other; the question has the same answer.

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    steps : sequence of str
        Names from ``obfuscation.registry.OBFUSCATIONS``, in any order, with repetitions.
    seed : int, optional
        Of all random draws; each step has a seed of its own, which is noted.

    Returns
    -------
    Program
        The new net.  Its provenance keeps the known verdict, which is that of the new net too, and notes the steps and
        the digest of the net as it was: whatever else it says, an assignment or a direction for instance, is about the
        net with that digest (``carry_back`` and ``carry_forward`` take directions there and here).

    Raises
    ------
    NetError
        The net cannot be read, is not piecewise linear, or its provenance notes steps that are none.
    ParameterError
        An unknown step, a seed that is no integer, or a step that could pass the limits of net files.

    Notes
    -----
    Each step is about linear in the net that it makes, which may be several times as large.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.load({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]})
    >>> disguised = sh.obfuscate(net, ["unimodular", "linear"], seed=1)
    >>> sh.check(net).verdict == sh.check(disguised).verdict
    True
    """
    seed = require_seed(seed)
    for number, step in enumerate(steps):
        if step not in OBFUSCATIONS:
            raise ParameterError(f"{show(step)} is unknown; known: {', '.join(OBFUSCATIONS)}", place=f"steps[{number}]")
    program = load(net)
    for unit, each in enumerate(program.form.units()):
        if each.operation != "affine":
            piecewise_linear_operation(each.operation, program.unit_name(unit))  # refuses what is not piecewise linear
    made = list(_noted(program))
    original = program.provenance[NOTED]["of"] if made and program.provenance else program.digest
    for number, step in enumerate(steps):
        place, chosen = f"steps[{number}]", OBFUSCATIONS[step]
        if not chosen.accepts(program):
            most = chosen.most_units(program)
            raise ParameterError(f"{step} could make {most} units; a net has at most {MAX_UNITS}", place=place)
        own = Stream(seed, "obfuscate", len(made), step).below(2**32)
        program = chosen.apply(program, own)
        refuse_unreadable(program, place)
        made.append(_Step(step, own))
    noted = {"of": original, "steps": [{"step": name, "seed": own} for name, own in made]}
    return program._replace(provenance={**(program.provenance or {}), NOTED: noted})


def carry_back(program: Program, direction: Sequence[NumberLike]) -> tuple[Fraction, ...]:
    """A direction of an obfuscated net as one of the net that it was made from: a witness stays one.

    Parameters
    ----------
    program : Program
        The obfuscated net, with its provenance.
    direction : sequence of numbers
        As many as the net has inputs.

    Returns
    -------
    tuple of Fraction
        The direction in the inputs of the net as it was.

    Raises
    ------
    PointError
        The entries do not fit the net.
    NetError
        The provenance does not hold steps.

    Notes
    -----
    Only changes of the inputs matter, which are read off the provenance.  A product with a matrix for each step.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.load({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]})
    >>> disguised = sh.obfuscate(net, ["unimodular", "linear"], seed=1)
    >>> sh.carry_back(disguised, sh.carry_forward(disguised, [1]))
    (Fraction(1, 1),)
    """
    vector: Vector = exact_vector(direction, program.input_count, "direction")
    for step in reversed(_carried(program)):
        vector = step.direction_back(vector)
    return tuple(map(Fraction, vector))


def carry_forward(program: Program, direction: Sequence[NumberLike]) -> tuple[Fraction, ...]:
    """A direction of a net as it was, for the obfuscated one: the inverse of ``carry_back``.

    Parameters
    ----------
    program : Program
        The obfuscated net, with its provenance.
    direction : sequence of numbers
        As many as the net has inputs.

    Returns
    -------
    tuple of Fraction
        The direction in the inputs of the obfuscated net.

    Raises
    ------
    PointError
        The entries do not fit the net.
    NetError
        The provenance does not hold steps.

    Notes
    -----
    Only changes of the inputs matter, which are read off the provenance.  A product with a matrix for each step.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.load({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]})
    >>> disguised = sh.obfuscate(net, ["unimodular", "linear"], seed=1)
    >>> len(sh.carry_forward(disguised, [1]))
    1
    """
    vector: Vector = exact_vector(direction, program.input_count, "direction")
    for step in _carried(program):
        vector = step.direction_forward(vector)
    return tuple(map(Fraction, vector))


def carry_subgradient_back(program: Program, jacobian: Sequence[Sequence[NumberLike]]) -> _Rows:
    """A subgradient of an obfuscated net as one of the net that it was made from.

    Parameters
    ----------
    program : Program
        The obfuscated net, with its provenance.
    jacobian : sequence of sequences of numbers
        m rows of p numbers.

    Returns
    -------
    tuple of tuples of Fraction
        The subgradient of the net as it was.

    Raises
    ------
    PointError
        The entries do not fit the net.
    NetError
        The provenance does not hold steps.

    Notes
    -----
    Changes of the inputs and added linear functions matter, which are read off the provenance.  A product with a matrix
    for each step.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.load({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]})
    >>> disguised = sh.obfuscate(net, ["unimodular", "linear"], seed=1)
    >>> found = sh.check(disguised).subgradients
    >>> sorted(sh.carry_subgradient_back(disguised, jacobian) for jacobian in found)
    [((Fraction(-1, 1),),), ((Fraction(1, 1),),)]
    """
    rows: Sequence[Vector] = _jacobian(program, jacobian)
    for step in reversed(_carried(program)):
        rows = step.jacobian_back(rows)
    return tuple(tuple(map(Fraction, row)) for row in rows)


def carry_subgradient_forward(program: Program, jacobian: Sequence[Sequence[NumberLike]]) -> _Rows:
    """A subgradient of a net as it was, for the obfuscated one: the inverse of ``carry_subgradient_back``.

    Parameters
    ----------
    program : Program
        The obfuscated net, with its provenance.
    jacobian : sequence of sequences of numbers
        m rows of p numbers.

    Returns
    -------
    tuple of tuples of Fraction
        The subgradient of the obfuscated net.

    Raises
    ------
    PointError
        The entries do not fit the net.
    NetError
        The provenance does not hold steps.

    Notes
    -----
    Changes of the inputs and added linear functions matter, which are read off the provenance.  A product with a matrix
    for each step.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.load({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]})
    >>> disguised = sh.obfuscate(net, ["unimodular", "linear"], seed=1)
    >>> there = [sh.carry_subgradient_forward(disguised, jacobian) for jacobian in sh.check(net).subgradients]
    >>> sorted(there) == sorted(sh.check(disguised).subgradients)
    True
    """
    rows: Sequence[Vector] = _jacobian(program, jacobian)
    for step in _carried(program):
        rows = step.jacobian_forward(rows)
    return tuple(tuple(map(Fraction, row)) for row in rows)


def _jacobian(program: Program, jacobian: Sequence[Sequence[NumberLike]]) -> list[Vector]:
    if len(jacobian) != program.output_count:
        raise PointError(f"{count(len(jacobian), 'row')}, expected {program.output_count}", place="jacobian")
    return [exact_vector(row, program.input_count, f"jacobian[{number}]") for number, row in enumerate(jacobian)]


def _carried(program: Program) -> list[Carrying]:
    inputs, outputs = program.input_count, program.output_count
    return [OBFUSCATIONS[name].carrying(inputs, outputs, seed) for name, seed in _noted(program)]


def _noted(program: Program) -> list[_Step]:
    """The steps so far, in their order; a provenance is anybody's text, so it is looked at closely."""
    noted = (program.provenance or {}).get(NOTED)
    if noted is None:
        return []
    if not isinstance(noted, dict) or not isinstance(noted.get("of"), str) or not isinstance(noted.get("steps"), list):
        _fail("", 'expected {"of": digest, "steps": [...]}')
    return [_step(entry, f".steps[{number}]") for number, entry in enumerate(noted["steps"])]


def _step(entry: Any, place: str) -> _Step:
    if not isinstance(entry, dict) or not isinstance(entry.get("step"), str) or type(entry.get("seed")) is not int:
        _fail(place, 'expected {"step": name, "seed": N}')
    if entry["step"] not in OBFUSCATIONS:
        _fail(place, f"{show(entry['step'])} is unknown; known: {', '.join(OBFUSCATIONS)}")
    return _Step(entry["step"], entry["seed"])


def _fail(place: str, message: str) -> NoReturn:
    raise NetError(message, file="<net>", place=f"provenance.{NOTED}{place}")
