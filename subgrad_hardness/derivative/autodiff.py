"""What backpropagation returns at a kink, and the set of all it could return ([B22])."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.local.local_net import LocalNet, Matrix, Slope
from subgrad_hardness.local.localise import Localisation
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.normal_form.flatten import FlatNet, flatten

ReluAtZero = NumberLike | Sequence[NumberLike] | Mapping[str, NumberLike]


def backpropagate(net: LocalNet, slopes: Sequence[Slope]) -> Matrix:
    """The Jacobian that backpropagation returns when local kink k uses ``slopes[k]`` as relu'(0).

    One backward pass an output.
    """
    return net.scaled(net.gradient_rows(slopes))


def kink_slopes(program: Program, local: Localisation, relu_at_zero: ReluAtZero) -> list[Fraction]:
    """One slope for each kink of the local net, from the user's choice.

    Parameters
    ----------
    relu_at_zero : one value for all kinks; or one value for each of ``local.kink_units``; or a
        mapping from kinks (as ``kink_labels`` has them) or nodes (all their kinks) to values;
        kinks that it does not name use 0.

    Raises ParameterError for a value outside [0, 1], a wrong length, or a name without a kink.
    """
    names = [program.unit_name(unit) for unit in local.kink_units]
    chosen: list[NumberLike]
    if isinstance(relu_at_zero, Mapping):
        labels = kink_labels(program, local)
        for name in relu_at_zero:
            if name not in names and name not in labels:
                here = f"the kinks are {', '.join(labels[:8])}" if labels else "there is none at this point"
                raise ParameterError(f"no kink of this name; {here}", place=f"relu'(0) at {name}")
        chosen = [relu_at_zero.get(label, relu_at_zero.get(name, 0)) for name, label in zip(names, labels, strict=True)]
    elif isinstance(relu_at_zero, Sequence) and not isinstance(relu_at_zero, str):
        if len(relu_at_zero) != len(names):
            raise ParameterError(f"{count(len(relu_at_zero), 'value')}, expected {len(names)}", place="relu'(0)")
        chosen = list(relu_at_zero)
    else:
        chosen = [relu_at_zero] * len(names)
    slopes = exact_vector(chosen, len(names), "relu'(0)")
    for slope in slopes:
        if not 0 <= slope <= 1:
            raise ParameterError(f"{slope} is outside [0, 1]", place="relu'(0)")
    return [slopes[number] for number in local.net.kink_numbers]


def kink_labels(program: Program, local: Localisation) -> tuple[str, ...]:
    """A name for each kink: its node's, or ``node[0]``, ``node[1]``, ... where a node has several."""
    names = [program.unit_name(unit) for unit in local.kink_units]
    total, seen = Counter(names), Counter[str]()
    labels = []
    for name in names:
        labels.append(name if total[name] == 1 else f"{name}[{seen[name]}]")
        seen[name] += 1
    return tuple(labels)


class ConservativeSet(NamedTuple):
    """What is known of D_a F(x0).

    ``singleton`` says whether it is one point.  If it is not, ``chain`` holds the local kinks of a
    shortest chain of nonzero gains: with relu'(0) = 1 there and 0 elsewhere backpropagation returns
    ``second``, which differs from ``first``, its result with relu'(0) = 0 everywhere.
    """

    singleton: bool
    chain: tuple[int, ...]
    first: Matrix
    second: Matrix | None


def conservative_set(net: LocalNet, limits: Limits | None = None, *, flat: FlatNet | None = None) -> ConservativeSet:
    """Decide whether D_a is a singleton ([B22]; the graph search of SPEC 1), with evidence.

    It is one iff no chain input -> kink -> ... -> kink -> output has all its gains nonzero: each
    chain is its own multi-affine monomial in the slopes.  On a globally shortest chain the monomial
    is the only one that the all-ones choice on the chain switches on for that input and output, so
    the two results differ.  Linear in ``flat``, the net with its sums multiplied out, which is made if it
    is not given.  Raises LimitReached.
    """
    chain = _shortest_chain(flatten(net, limits) if flat is None else flat)
    zeros = [0] * len(net.kinks)
    first = backpropagate(net, zeros)
    if chain is None:
        return ConservativeSet(True, (), first, None)
    members = set(chain)
    second = backpropagate(net, [int(kink in members) for kink in range(len(net.kinks))])
    return ConservativeSet(False, chain, first, second)


def is_singleton(flat: FlatNet) -> bool:
    """Whether D_a is a singleton, without the evidence; linear in ``flat``."""
    return _shortest_chain(flat) is None


def _shortest_chain(flat: FlatNet) -> tuple[int, ...] | None:
    """A chain of fewest kinks from an input to an output, by breadth-first search."""
    successors: list[list[int]] = [[] for _ in flat.kinks]
    before: dict[int, int | None] = {}
    for kink, form in enumerate(flat.kinks):
        for variable in form:
            if variable >= flat.inputs:
                successors[variable - flat.inputs].append(kink)
            else:
                before[kink] = None
    final = {variable - flat.inputs for form in flat.outputs for variable in form if variable >= flat.inputs}
    queue = deque(sorted(before))
    while queue:
        kink = queue.popleft()
        if kink in final:
            chain: list[int] = []
            step: int | None = kink
            while step is not None:
                chain.append(step)
                step = before[step]
            return tuple(reversed(chain))
        for successor in successors[kink]:
            if successor not in before:
                before[successor] = kink
                queue.append(successor)
    return None
