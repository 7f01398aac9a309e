"""Whatever a user may name as a program: a net, a Python function, a function in a file, a straight line."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from subgrad_hardness.common.errors import InputError, ParameterError, one_line
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.cost_model.nets import NetProgram, net_program
from subgrad_hardness.cost_model.steps import Line
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.tracing import trace
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.program import Program

ProgramLike = Line | Program | Mapping[str, Any] | str | os.PathLike[str] | Callable[..., Any]


def program_of(
    program: ProgramLike,
    point: Sequence[Any] | None = None,
    *,
    wrt: str = "inputs",
    batch: int = 1,
    limits: Limits = NO_LIMITS,
) -> NetProgram:
    """The straight-line program, at ``point`` if one is given, and its inputs that are differentiated.

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
            found = StraightLine(found.inputs, found.steps, found.outputs, tuple(found.given(point)), found.name,
                                 found.guards, found.sweep)  # fmt: skip
        return NetProgram(found, tuple(range(len(found.inputs))))
    return net_program(load(program, point, limits=limits), wrt, batch, limits)


def decidable_net(
    program: ProgramLike, point: Sequence[Any] | None = None, *, wrt: str = "inputs", batch: int = 1
) -> Program | None:
    """The net itself, where the program is a net in its inputs, on one sample; else None.  Raises as ``program_of``."""
    named = isinstance(program, str) and _named_function(program) is not None
    if wrt != "inputs" or batch != 1 or isinstance(program, Line) or named or callable(program):
        return None
    return load(program, point)


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
