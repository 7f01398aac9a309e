"""One point of a census: which kinks there are and why, how near the nearest is, and what a gradient is there."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from subgrad_hardness.api.audit import audit_within
from subgrad_hardness.api.audit_result import verdict_of
from subgrad_hardness.api.contains import contains_within
from subgrad_hardness.auditing.conventions import NAMED
from subgrad_hardness.auditing.explaining import explain
from subgrad_hardness.auditing.traced import backpropagated, traced
from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.autodiff import backpropagate
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import localise, localise_near
from subgrad_hardness.net.program import Program
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.survey.causes import causes, part_of, places
from subgrad_hardness.survey.record import CensusRecord

#: Asks for the output with the greatest value; of several the first.
TOP = "top"
#: What makes the gradient where nobody is named.
REWRITING = NAMED[0].name


class Task(NamedTuple):
    """A row of the data as the point, and what a framework returned there (m rows of p numbers), if that is given."""

    row: int
    point: tuple[Fraction, ...]
    gradient: Matrix | None


class Look(NamedTuple):
    """What a process does with a task; sent to each process once.

    Attributes
    ----------
    program : the net, at any point.
    output : the one to look at, or ``TOP``; None: all of them.
    framework : whose conventions make the gradient, or are tried first on one that is given; None: relu'(0) = 0 of the
        rewriting.
    precision : in which given gradients were computed.
    seconds : for each point; None: no limit.
    seed : of the search for members.
    """

    program: Program
    output: int | str | None
    framework: str | None
    precision: str
    seconds: float | None
    seed: int

    def __call__(self, task: Task, /) -> CensusRecord:
        """The record; a limit that is hit leaves the verdict unknown, and so does a point without a value."""
        start, limits = time.monotonic(), Limits.seconds(self.seconds)
        record = CensusRecord(row=task.row)
        try:
            for stage in self._stages(task, limits):
                record = stage
        except LimitReached as reached:
            record = replace(record, why=str(reached))
        except InputError as problem:  # as a division by zero at this point
            record = replace(record, why=str(problem))
        return replace(record, seconds=round(time.monotonic() - start, 3))

    def _stages(self, task: Task, limits: Limits) -> Iterator[CensusRecord]:
        """The record as more and more of it is known."""
        near = localise_near(self.program.at(task.point), limits=limits)
        output = self._output(near.whole.value)
        program = near.program if output is None else _with_output(near.program, output)
        local = near.local if output is None else localise(program, limits=limits)
        nearest = near.whole.nearest
        record = CensusRecord(
            row=task.row,
            output=output,
            kinks=len(near.whole.kink_units),
            live=len(local.net.kinks),
            where=Counter(part_of(self.program.unit_name(unit)) for unit in near.whole.kink_units),
            nearest=None if nearest is None else nearest[0],
            nearest_node=None if nearest is None else self.program.unit_name(nearest[1]),
        )
        yield record
        trace = None
        if program.piecewise_linear and self.program.form.tensors is None:
            trace = traced(program, limits)
            record = replace(record, kinks=len(trace.kinks), causes=causes(trace), where=places(trace))
            yield record
        if task.gradient is not None:
            yield self._audited(record, program, task.gradient, limits)
            return
        if trace is None:
            name, made = REWRITING, backpropagate(local.net, [Fraction(0)] * len(local.net.kinks))
        else:
            convention = next(each for each in NAMED if each.name == (self.framework or REWRITING))
            name, made = convention.name, backpropagated(trace, trace.choices(convention), limits)
        found = contains_within(
            program,
            limits,
            Channels(),
            vector=made,
            point=None,
            which="all",
            near=False,
            certify=False,
            seed=self.seed,
        )
        why = None if verdict_of(found) != "unknown" else next(iter(found.why.values()), None)
        yield replace(record, verdict=verdict_of(found), convention=name, why=why)

    def _output(self, value: tuple[Fraction, ...]) -> int | None:
        """The number of the output to look at."""
        return value.index(max(value)) if self.output == TOP else None if self.output is None else int(self.output)

    def _audited(self, record: CensusRecord, program: Program, gradient: Matrix, limits: Limits) -> CensusRecord:
        """With what an audit says of a gradient that was given."""
        found = audit_within(
            program,
            limits,
            Channels(),
            gradient=gradient,
            point=None,
            precision=self.precision,
            explaining=partial(explain, first=self.framework),
            framework=self.framework,
            certify=False,
            seed=self.seed,
        )
        explained = found.explained
        if explained is None:
            return replace(record, why="time limit")
        return replace(
            record,
            verdict=found.verdict,
            explained=explained.explains,
            convention=explained.best.convention if explained.explains else None,
            why=None if found.verdict != "unknown" else next(iter(found.membership.why.values()), None),
        )


def _with_output(program: Program, number: int) -> Program:
    """The program with one of its outputs."""
    graph = program.form.to_graph(program.inputs)
    return program._replace(form=graph._replace(outputs=(graph.outputs[number],)))


def lost(task: Task, end: str, /, *, killed: bool) -> CensusRecord:
    """The record of a point whose process ended without one."""
    return CensusRecord(row=task.row, why=end if killed else f"internal error, please report it: {end}")
