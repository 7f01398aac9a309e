"""Piggyback, exactly: x_k and its derivative J_k in theta side by side, J_(k+1) = A_k J_k + B_k."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.common.progress import Steps
from subgrad_hardness.derivative.autodiff import ReluAtZero, backpropagate, kink_labels, kink_slopes
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.jacobians import split
from subgrad_hardness.iterative.resolvent import act
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.node_values import node_values
from subgrad_hardness.net.program import Program


class ExactRun(NamedTuple):
    """What happened.

    Attributes
    ----------
    iterates, jacobians : x_0, x_1, ... and J_0, J_1, ...
    met : for each step the kinks on which x_k stood, by name.
    """

    iterates: tuple[Vector, ...]
    jacobians: tuple[Matrix, ...]
    met: tuple[tuple[str, ...], ...]


def exact_run(
    iteration: Iteration,
    steps: int,
    conventions: Sequence[ReluAtZero],
    jacobian: Matrix | None = None,
    limits: Limits = NO_LIMITS,
) -> ExactRun:
    """From the iteration's start and J_0, by default 0, for so many steps or until a limit.

    Parameters
    ----------
    conventions : relu'(0) as ``kink_slopes`` takes it (a number, or a mapping from nodes, others 0), step by step,
        again and again.

    Raises
    ------
    ParameterError
        For a convention that makes no sense, or a name that no relu bears.

    Notes
    -----
    A forward pass and a backward pass for each state, in numbers that grow with the steps.
    """
    _require_names(iteration.program, conventions)
    state = iteration.start
    j: Matrix = ((Fraction(0),) * len(iteration.parameters),) * len(state) if jacobian is None else jacobian
    iterates, jacobians, met = [state], [j], []
    try:
        told = Steps(steps, "step")
        for step in range(steps):
            limits.check()
            told.done(step)
            program, local = iteration.program_at(state), iteration.localised(state)
            labels = kink_labels(program, local)
            slopes = kink_slopes(program, local, _here(conventions[step % len(conventions)], labels))
            j = act(split(iteration, backpropagate(local.net, slopes)), j)
            state = local.value
            iterates.append(state)
            jacobians.append(j)
            met.append(labels)
    except LimitReached:
        pass
    return ExactRun(tuple(iterates), tuple(jacobians), tuple(met))


def identified(iteration: Iteration, iterates: Sequence[Vector], limit: Vector) -> int | None:
    """The first step from which on, as far as the run goes, every relu that is no kink at the limit has its side there.

    None where the last iterate has not.
    """
    wanted = _sides(iteration, limit)
    for number in range(len(iterates) - 1, -1, -1):
        sides = _sides(iteration, iterates[number])
        if any(side and side != other for side, other in zip(wanted, sides, strict=True)):
            return number + 1 if number + 1 < len(iterates) else None
    return 0


def _sides(iteration: Iteration, state: Vector) -> list[int]:
    """Of all relus: 1, -1, or 0 for a kink."""
    program = iteration.program_at(state)
    numerators, _ = node_values(program.tangent, program.point)
    values = [numerators[node.argument] for node in program.tangent.nodes if isinstance(node, Relu)]
    return [(value > 0) - (value < 0) for value in values]


def _here(convention: ReluAtZero, labels: Sequence[str]) -> ReluAtZero:
    """The part of a mapping that speaks of the kinks at hand."""
    if not isinstance(convention, Mapping):
        return convention
    present = {*labels, *[label.rpartition("[")[0] for label in labels]}
    return {name: value for name, value in convention.items() if name in present}


def _require_names(program: Program, conventions: Sequence[ReluAtZero]) -> None:
    for convention in conventions:
        if isinstance(convention, Mapping):
            known = {program.unit_name(unit) for unit in program.rewritten.units}
            for name in convention:
                if name not in known and name.rpartition("[")[0] not in known:
                    raise ParameterError("no node of this name", place=f"relu'(0) at {name}")
        elif isinstance(convention, Sequence) and not isinstance(convention, str):
            message = "a number, or numbers by node; which kinks a step meets is not known beforehand"
            raise ParameterError(message, place="relu'(0)")
