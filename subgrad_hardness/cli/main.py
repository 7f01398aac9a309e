"""The command line: picks the command, and turns every end into its exit status (SPEC 3).

Exit: 0 answered; 1 rejected certificate; 2 bad input or usage; 3 unknown; 4 answered without the
certificate asked for; 10 and 20 on request; 70 internal error; 74 output failed; 130 interrupted.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.parsers import Parser, Version
from subgrad_hardness.common.errors import InputError
from subgrad_hardness.common.files import OutputError
from subgrad_hardness.common.garbage import collect_rarely
from subgrad_hardness.common.limits import LimitReached

if TYPE_CHECKING:
    from argparse import Namespace

_PROGRAM = "subgrad-hardness"

#: Command -> what it does, in one line; each lives in the module of its name beside this one.
COMMANDS = {
    "check": "decide whether two distinct Clarke subgradients exist at the point",
    "verify": "check a certificate, independently of what produced it",
    "gradient": "what backpropagation returns at the point, and a true subgradient",
    "sample": "sample Clarke subgradients",
    "subdifferential": "all lexicographic subgradients, and the Clarke subdifferential as a polytope",
    "contains": "is a vector a subgradient: lexicographic, Clarke, or of backpropagation?",
    "audit": "what does a framework's gradient mean: which choices explain it, is it a subgradient?",
    "census": "over a data set: how often is a net at a kink, why, and what are its gradients there?",
    "support": "the greatest slope near the point in a direction, and at it",
    "shortest": "the subgradient of least norm",
    "stationary": "is the point stationary, in which sense; a direction of descent",
    "regular": "is the net Clarke regular at the point: F' convex?",
    "lipschitz": "local Lipschitz constants: the greatest norms of Clarke subgradients",
    "affine": "is a net affine on a box or polyhedron?",
    "cube": "the largest cube around the point on which a net is affine",
    "equal": "do two nets compute the same, on a region or everywhere?",
    "kink": "is theta a kink of the limit of an iteration?",
    "piggyback": "derivatives along an iteration, and the sets that they can tend to",
    "path": "the limit of an iteration along a segment of parameters, with all its kinks",
    "jsr": "do products of an iteration's Jacobians stay bounded? their joint spectral radius",
    "cells": "every lexicographic subgradient of a small net",
    "info": "sizes, kinks and nearest kink of a net",
    "convert": "rewrite a net file: layers to graph, and back where possible",
    "encode": "write the question for a SAT, SMT or MILP solver or a network verifier",
    "decode": "read such a solver's answer, and replay it exactly",
    "generate": "make instances with known answers",
    "obfuscate": "write the same question in other words",
    "cost": "count what evaluation and differentiation cost, and bound it",
    "doctor": "what is installed here, and does it work?",
    "completion": "a script by which a shell completes commands and options",
    "plot": "draw cells, subdifferentials, solving times, costs, convergence",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    _prepare_streams()
    collect_rarely()
    words = list(sys.argv[1:] if arguments is None else arguments)
    end = partial(_end, as_json="--json" in words)
    try:
        try:
            status = _run(words)
        except SystemExit as ended:  # argparse's way to end after --help and --version
            status = ended.code if isinstance(ended.code, int) else 0
        sys.stdout.flush()
        return status
    except InputError as problem:
        return end(ExitStatus.BAD_INPUT, str(problem), problem)
    except LimitReached as reached:
        return end(ExitStatus.UNKNOWN, str(reached))
    except OutputError as problem:
        return end(ExitStatus.NO_OUTPUT, str(problem))
    except BrokenPipeError:
        # Nobody reads on: point the stream elsewhere so that the interpreter's end finds no fault.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if "--json" not in words:  # as after ``| head``: who closed it knows
            return ExitStatus.NO_OUTPUT
        return end(ExitStatus.NO_OUTPUT, "standard output was closed before all was written")
    except OSError as problem:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return end(ExitStatus.NO_OUTPUT, f"output could not be written: {problem.strerror or problem}")
    except KeyboardInterrupt as stop:
        known = getattr(stop, "known", None)
        return end(
            ExitStatus.INTERRUPTED, "interrupted" if known is None else f"interrupted; what was known: {known!r}"
        )
    except MemoryError:
        return end(ExitStatus.INTERNAL, "out of memory")
    except ImportError as problem:
        return end(ExitStatus.INTERNAL, f"a package that is needed does not load: {problem}; see {_PROGRAM} doctor")
    except Exception as problem:
        import traceback

        traceback.print_exc()
        return end(ExitStatus.INTERNAL, f"internal error, please report it: {type(problem).__name__}: {problem}")


class _Closed(io.TextIOBase):
    """Standard output that was closed before Python started."""

    def write(self, _: str) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def _prepare_streams() -> None:
    """Writing must not raise for a name outside the locale's alphabet, and must raise where nothing is written."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 (open to the end; pathlib is slow)
    if sys.stdout is None:
        sys.stdout = _Closed()
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _end(status: int, message: str, problem: InputError | None = None, *, as_json: bool) -> int:
    """Say on standard error why there is no answer, in one line: for people, or as ``error.schema.json`` says."""
    line = " ".join(message.split("\n"))
    if as_json:
        from subgrad_hardness.net.json_writing import write_json

        file, place = (problem.file or None, problem.place or None) if problem else (None, None)
        line = write_json({"version": 1, "error": line, "file": file, "place": place, "status": int(status)})
    with contextlib.suppress(OSError, ValueError):
        print(line, file=sys.stderr)
    return status


def _run(arguments: list[str]) -> int:
    """Read the arguments and run the command; only the one that is asked for is loaded."""
    if not arguments:
        from subgrad_hardness.cli.first import FIRST

        print(FIRST, end="")
        return ExitStatus.ANSWERED
    arguments = _with_negative_values(arguments)
    if arguments and arguments[0] in COMMANDS:
        command = arguments.pop(0)
        parser, module = _command_parser(command)
        parsed, surplus = parser.parse_known_args(arguments)
        if surplus:
            parser.innermost(parsed).error(f"unrecognized arguments: {' '.join(surplus)}")
        try:
            with _watching(command, parsed):
                status: int = module.run(parsed)
        except LimitReached as reached:  # before there was anything to report
            of = getattr(parsed, "net", None) or getattr(parsed, "program", None) or command
            raise LimitReached(f"{'<stdin>' if of == '-' else of}: {reached}") from None
        return status
    parser = _general_parser()
    command = parser.parse_known_args(arguments)[0].command  # named after all, behind what nobody knows
    parser.error(f"unrecognized arguments: {' '.join(arguments[: arguments.index(command)])}")


def _watching(command: str, parsed: Namespace) -> contextlib.AbstractContextManager[None]:
    """Where standard error is a terminal, how far the command is stands there."""
    if sys.stderr is None or not sys.stderr.isatty():
        return contextlib.nullcontext()
    from subgrad_hardness.cli.terminal import watching

    return watching(command, getattr(parsed, "time_limit", None))


def _command_parser(command: str) -> tuple[Parser, ModuleType]:
    """The parser of one command, and its module, which is loaded."""
    parser = Parser(prog=f"{_PROGRAM} {command}", description=_description(command), allow_abbrev=False)
    parser.below = partial(_below, command)
    parser.set_defaults(whole=partial(_general_parser, whole=True))  # for completions
    return parser, _filled(parser, command)


def _below(command: str) -> str:
    from subgrad_hardness.cli.help import below

    return below(command, _PROGRAM)


def _general_parser(*, whole: bool = False) -> Parser:
    """The parser that knows the commands' names; of the ``whole`` command line also all options, each module loaded."""
    parser = Parser(
        prog=_PROGRAM,
        description="Decide, exactly and with proof, the local nonsmooth geometry of ReLU networks.",
        epilog=f"{_PROGRAM} COMMAND --help explains a command.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=Version, nargs=0, help="versions of this package and its solvers")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for name, summary in COMMANDS.items():
        made = commands.add_parser(name, help=summary, add_help=whole, allow_abbrev=False)
        if whole:
            _filled(made, name)
    return parser


def _filled(parser: Parser, command: str) -> ModuleType:
    module = import_module(f"subgrad_hardness.cli.{command}")
    module.add_arguments(parser)
    for action in parser._subparsers._group_actions if parser._subparsers else ():  # argparse has no public list
        for inner in action.choices.values():  # type: ignore[union-attr]
            inner.below = partial(_below, inner.prog.removeprefix(f"{_PROGRAM} "))
    return module


def _description(command: str) -> str:
    summary = COMMANDS[command]
    return summary[0].upper() + summary[1:] + ("" if summary.endswith("?") else ".")


def _with_negative_values(arguments: list[str]) -> list[str]:
    """Join ``--point -1,0`` to ``--point=-1,0``: argparse takes the value for an option otherwise.

    A vector by itself gets a space, by which argparse knows that it is none.
    """
    joined: list[str] = []
    for argument in arguments:
        if joined and re.fullmatch(r"--[a-z-]+", joined[-1]) and re.match(r"-[0-9.]", argument):
            joined[-1] += "=" + argument
        else:
            joined.append(f" {argument}" if re.fullmatch(r"-[0-9.][0-9./,;eE+-]*", argument) else argument)
    return joined
