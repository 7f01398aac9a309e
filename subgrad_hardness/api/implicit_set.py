"""``implicit_set``: what the implicit rule (I - A)^-1 B says at a fixed point, beside the derivative and piggyback."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.iterating import IterationJob, answer_iteration, fixed_state, require_parameters
from subgrad_hardness.api.options import require_choice
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_matrix, show_vector
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.group_inverse import SINGULAR, Implicit
from subgrad_hardness.iterative.implicit import ImplicitSet, implicit_set_of
from subgrad_hardness.iterative.inclusions import Inclusions, inclusions
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.jacobians import SENSES, Pair
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.iterative.solvability import solvable
from subgrad_hardness.iterative.state_system import state_system
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.processes.channels import Channels

#: So many pairs and vertices are shown to people.
_MOST_SHOWN = 12


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class ImplicitSetResult(Readable):
    """J_imp(theta), and how it lies between d_C of the limit and J_pb.

    Attributes
    ----------
    jacobian, singular : as asked for.
    pairs, values : [A, B] of the pieces or choices, and what the rule says of each, with its case.
    vertices, exact : of the hull of the known members; whether that is conv J_imp.
    solvable : why the linearised equation has one solution (``determinants``, ``norm``): the condition of a nonsmooth
        implicit function theorem; None where that was not proved.
    clarke : the Jacobians of the limit near theta, whose hull is d_C xbar(theta); None without ``solvable``.
    inclusions : what holds of d_C in conv J_imp in conv J_pb, each as a sentence.
    """

    jacobian: str
    singular: str
    theta: tuple[Fraction, ...]
    fixed_point: tuple[Fraction, ...]
    found: ImplicitSet
    solvable: str | None
    clarke: tuple[Matrix, ...] | None
    inclusions: tuple[str, ...]
    seconds: float = 0.0

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """[A, B] of the pieces or choices."""
        return self.found.pairs

    @property
    def values(self) -> tuple[Implicit, ...]:
        """What the rule says of each pair."""
        return self.found.values

    @property
    def vertices(self) -> tuple[Matrix, ...]:
        """Of the hull of the known members."""
        return self.found.members

    @property
    def exact(self) -> bool:
        """Whether that hull is conv J_imp."""
        return self.found.hull_exact

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that occur: ``regular``, ``consistent``, ``drifting``, ``defective``."""
        return tuple(dict.fromkeys([value.case for value in self.values]))

    def __repr__(self) -> str:
        how = "exact" if self.exact else "members"
        size = count(len(self.vertices), "vertex", "vertices")
        return f"<ImplicitSetResult: {self.jacobian}, {', '.join(self.cases)}, {size}, {how}>"

    def lines(self, beside: Sequence[str] = ()) -> list[str]:
        """The answer for people; ``beside`` stands between the pairs and the sets."""
        lines = [f"theta = {show_vector(self.theta)}, limit {show_vector(self.fixed_point)}; J_F: {self.jacobian}"]
        for number, (pair, value) in enumerate(zip(self.pairs[:_MOST_SHOWN], self.values, strict=False)):
            rule = "none" if value.value is None else show_matrix(value.value)
            lines.append(f"  pair {number}: A = {show_matrix(pair.a)}, B = {show_matrix(pair.b)}; {value.case}: {rule}")
            if value.case == "drifting" and value.drift is not None:
                least = f"the least-norm value {show_matrix(value.least_norm)} solves nothing"
                lines.append(f"    piggyback grows by {show_matrix(value.drift)} a step; {least}")
        if len(self.pairs) > _MOST_SHOWN:
            lines.append(f"  ... and {len(self.pairs) - _MOST_SHOWN} more (--json, to_json() list all)")
        lines += beside
        lines.append(f"conv J_imp: {', '.join(map(show_matrix, self.vertices[:_MOST_SHOWN]))}")
        if self.clarke is not None:
            hull = ", ".join(map(show_matrix, self.clarke[:_MOST_SHOWN]))
            lines.append(f"d_C of the limit: the hull of {hull}")
        return [*lines, *self.inclusions]

    def to_json(self) -> dict[str, Any]:
        """The object in ``piggyback --set --json`` under ``implicit``."""
        return {
            "jacobian": self.jacobian,
            "singular": self.singular,
            "theta": vector_json(self.theta),
            "fixed_point": vector_json(self.fixed_point),
            "values": [
                {
                    "a": matrix_json(pair.a),
                    "b": matrix_json(pair.b),
                    "case": value.case,
                    "value": _matrix(value.value),
                    "group": _matrix(value.group),
                    "minimum_norm": _matrix(value.least_norm),
                    "drift": _matrix(value.drift),
                }
                for pair, value in zip(self.pairs, self.values, strict=True)
            ],
            "vertices": [matrix_json(vertex) for vertex in self.vertices],
            "exact": self.exact,
            "solvable": self.solvable,
            "clarke": None if self.clarke is None else [matrix_json(each) for each in self.clarke],
            "inclusions": list(self.inclusions),
            "seconds": round(self.seconds, 6),
        }


def _matrix(matrix: Matrix | None) -> list[list[str]] | None:
    return None if matrix is None else matrix_json(matrix)


def implicit_set(
    iteration: IterationLike,
    theta: Sequence[NumberLike] | None = None,
    *,
    jacobian: str = "autodiff",
    singular: str = "group",
    fixed_point: Sequence[NumberLike] | None = None,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> ImplicitSetResult:
    """What the implicit rule J = (I - A)^-1 B can return at a fixed point, and where that lies.

    Parameters
    ----------
    iteration : Iteration, path, or mapping
        As ``load_iteration`` takes it.
    theta : sequence of m numbers, optional
        Replaces the iteration's own.
    jacobian : ``"autodiff"``, ``"clarke"`` or ``"lexicographic"``
        The Jacobians [A, B] of F that are meant, as in ``piggyback_set``.
    singular : ``"group"``, ``"minimum-norm"`` or ``"refuse"``
        Where I - A is singular: the group inverse, which follows the algorithm; the pseudo-inverse; an error.
    fixed_point : sequence of p numbers, optional
        xbar, which is checked; without it it is found.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything.

    Returns
    -------
    ImplicitSetResult

    Raises
    ------
    NetError, PointError
        The iteration or a vector cannot be read, or does not fit; F does not leave the fixed point as it is.
    ParameterError
        An option that makes no sense; a singular I - A under ``refuse``; more than 20 kinks under ``autodiff``.
    LimitReached
        A limit was hit.

    Notes
    -----
    2^kinks solutions of p x p systems for ``autodiff``, one for each piece else; and all pieces of the limit.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> text = "inputs x t; a = relu x; b = relu t; m = min a b; f = -1/2 x + 1/2 m; outputs f"
    >>> found = sh.implicit_set(sh.Iteration(sh.Program.from_text(text), ["x"]), [0])
    >>> found.vertices, found.clarke
    ((((Fraction(0, 1),),), ((Fraction(1, 3),),)), (((Fraction(0, 1),),),))
    >>> print(*found.inclusions, sep="; ")
    d_C is smaller than conv J_imp; conv J_imp is smaller than conv J_pb
    """
    job: IterationJob[ImplicitSetResult] = partial(
        implicit_set_within,
        sense=require_choice(jacobian, "jacobian", SENSES),
        singular=require_choice(singular, "singular", SINGULAR),
        fixed_point=fixed_point,
    )
    return answer_iteration(job, iteration, theta, time_limit, memory_limit)


def implicit_set_within(
    iteration: Iteration,
    limits: Limits,
    _: Channels[ImplicitSetResult],
    *,
    sense: str,
    singular: str,
    fixed_point: Sequence[NumberLike] | None,
) -> ImplicitSetResult:
    """``implicit_set`` in this process."""
    start = time.monotonic()
    require_parameters(iteration)
    state = fixed_state(iteration, fixed_point, limits)
    found = implicit_set_of(iteration, state, sense, singular, limits)
    if singular == "refuse":
        for number, value in enumerate(found.values):
            if value.case != "regular":
                raise ParameterError(f"I - A is singular for pair {number} ({value.case})", place="singular")
    proof = solvable(state_system(iteration, iteration.localised(state).net), limits)
    seen: Inclusions = inclusions(iteration, state, sense, found, limits, solvable=proof is not None)
    return ImplicitSetResult(
        jacobian=sense,
        singular=singular,
        theta=iteration.theta,
        fixed_point=state,
        found=found,
        solvable=None if proof is None else proof.by,
        clarke=seen.clarke,
        inclusions=seen.sentences,
        seconds=time.monotonic() - start,
    )
