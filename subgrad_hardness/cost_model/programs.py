"""Whatever a user may name as a program: a net, a Python function, a function in a file, a straight line."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from subgrad_hardness.common.errors import InputError, ParameterError, one_line
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.cost_model.applying import entry_of
from subgrad_hardness.cost_model.batch_counts import BatchCounts
from subgrad_hardness.cost_model.compact import compact_line, compact_net
from subgrad_hardness.cost_model.dictionaries import Dictionary
from subgrad_hardness.cost_model.dictionary_files import with_entries
from subgrad_hardness.cost_model.nets import NetLayout, NetProgram, laid_out, net_layout
from subgrad_hardness.cost_model.node_counts import NodeCounts
from subgrad_hardness.cost_model.primitives import CONSTANT, Value
from subgrad_hardness.cost_model.steps import Line
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.tracing import trace
from subgrad_hardness.cost_model.written_counts import WrittenCounts
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.program import Program

#: So many samples are counted one by one.
_FEW = 3

ProgramLike = Line | Program | Mapping[str, Any] | str | os.PathLike[str] | Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Subject:
    """A program that is asked about.

    Attributes
    ----------
    name : for people.
    wrt : the inputs that are differentiated.
    layout : of a net, ``net``, differentiated in its ``moving``.
    given : any other program, which has a point.
    """

    name: str | None
    wrt: tuple[int, ...]
    layout: NetLayout | None = None
    net: Program | None = None
    moving: str = "inputs"
    given: StraightLine | None = None

    @classmethod
    def of_line(cls, program: StraightLine, point: Sequence[Value], wrt: Sequence[int] | None = None) -> Subject:
        """A straight-line program at a point."""
        line = replace(program, point=tuple(point))
        return cls(line.name, tuple(range(len(line.inputs)) if wrt is None else wrt), given=line)

    @cached_property
    def line(self) -> StraightLine:
        """The program, step by step."""
        if self.given is not None:
            return self.given
        assert self.layout is not None
        return laid_out(self.layout, self.name).program

    @property
    def point(self) -> tuple[Value, ...]:
        """Where.  Raises PointError for a program without a point."""
        return self.layout.point if self.layout is not None else tuple(self.line.given(None))

    def carried_out(self, dictionary: Dictionary) -> Subject:
        """With the operations of a dictionary from a file.  Raises ParameterError where it lacks one."""
        if not dictionary.own:
            return self
        return replace(self, layout=None, given=with_entries(self.line, self.wrt, dictionary))

    def counter(self, limits: Limits = NO_LIMITS) -> NodeCounts | BatchCounts | WrittenCounts:
        """What counts: by nodes, but for sorts, which are several steps.  Raises PointError, LimitReached."""
        net = self.net
        if self.layout is not None and net is not None:

            def counted(batch: int) -> NodeCounts:
                layout = net_layout(net, self.moving, batch)
                return NodeCounts(compact_net(layout, limits), layout.wrt, limits)

            batch = self.layout.batch
            return counted(batch) if batch <= _FEW else BatchCounts(batch, counted)
        flat = self.line.flat
        if any(step.operation != CONSTANT and entry_of(step).group is not None for step in flat.steps):
            return WrittenCounts(flat, self.point, self.wrt, limits)
        return NodeCounts(compact_line(flat, self.point), self.wrt, limits)


def subject_of(
    program: ProgramLike,
    point: Sequence[Any] | None = None,
    *,
    wrt: str = "inputs",
    batch: int = 1,
    limits: Limits = NO_LIMITS,
) -> Subject:
    """A program as ``cost`` takes it.

    ``"functions.py:f"`` is the function f of a file, which is run.  ``wrt`` and ``batch`` are for nets.

    Raises NetError, PointError for a net; ParameterError for a function that cannot be traced, and for ``wrt`` and
    ``batch`` where there are no weights; LimitReached.
    """
    function = _named_function(program) if isinstance(program, str) else None
    if isinstance(program, Line) or function is not None or callable(program):
        if wrt != "inputs" or batch != 1:
            raise ParameterError("only nets have weights and samples", place="wrt" if wrt != "inputs" else "batch")
        line = program if isinstance(program, Line) else _traced(function or program, point)  # type: ignore[arg-type]
        found = StraightLine.of(line)
        if point is not None:
            found = replace(found, point=tuple(found.given(point)))
        return Subject(found.name, tuple(range(len(found.inputs))), given=found)
    net = load(program, point, limits=limits)
    layout = net_layout(net, wrt, batch)
    return Subject(net.name or _file_name(program), layout.wrt, layout, net, wrt)


def _file_name(program: ProgramLike) -> str | None:
    """What a net without a name is called: as its file, if it has one."""
    return Path(program).name if isinstance(program, (str, os.PathLike)) and program != "-" else None


def program_of(program: ProgramLike, point: Sequence[Any] | None = None, *, wrt: str = "inputs") -> NetProgram:
    """The straight-line program, at ``point`` if one is given, and its inputs that are differentiated.

    Raises as ``subject_of`` does.
    """
    subject = subject_of(program, point, wrt=wrt)
    return NetProgram(subject.line, subject.wrt)


def _traced(function: Callable[..., Any], point: Sequence[Any] | None) -> StraightLine:
    try:
        return trace(function, point)
    except InputError:
        raise
    except Exception as problem:  # it is the user's function, and may raise anything
        raise ParameterError(f"{type(problem).__name__}: {one_line(str(problem))}", place="function") from problem


def _named_function(name: str) -> Callable[..., Any] | None:
    """The function that ``file.py:function`` names, or None for another name."""
    file, colon, function = name.rpartition(":")
    if not colon or not file.endswith(".py"):
        return None
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    if spec is None or spec.loader is None or not Path(file).is_file():
        raise ParameterError("no such file", place=file)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as problem:  # it is the user's file
        raise ParameterError(f"{type(problem).__name__}: {one_line(str(problem))}", place=file) from problem
    found = getattr(module, function, None)
    if not callable(found):
        raise ParameterError(f"no function {function!r}", place=file)
    return found  # type: ignore[no-any-return]
