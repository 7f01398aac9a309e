"""``check NET``: the main job."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys

from subgrad_hardness.api.check import check
from subgrad_hardness.api.check_options import CUBE_SECONDS
from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.api.results import CheckResult
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.losses import add_loss, given_net
from subgrad_hardness.cli.options import (
    add_limits,
    add_point,
    certified,
    given_point,
    integer,
    positive_int,
    positive_seconds,
)
from subgrad_hardness.cli.output import add_json, show
from subgrad_hardness.cli.terminal import clear
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import OutputError, require_writable, write_text
from subgrad_hardness.engine.registry import SOLVERS
from subgrad_hardness.net.json_writing import write_json

VERDICT_STATUS = {"distinct": ExitStatus.DISTINCT, "unique": ExitStatus.UNIQUE}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET and the options of SPEC 3; those of many nets."""
    parser.add_argument("net", metavar="NET", nargs="*", help="a net file, - for standard input; for many see below")
    add_point(parser)
    parser.add_argument("--solver", choices=SOLVERS, default="auto", help="which engine decides (default auto)")
    add_limits(parser)
    parser.add_argument("--seed", metavar="N", type=integer, default=0, help="drives all random choices (default 0)")
    parser.add_argument("--certificate", metavar="FILE", default=None, help="write the certificate to FILE")
    parser.add_argument("--no-certify", action="store_true", help="no certificate: the verdict at solver speed")
    parser.add_argument(
        "--threads", metavar="N", type=positive_int, default=1, help="exact engines side by side (default 1)"
    )
    parser.add_argument("--no-cross-check", action="store_true", help="skip the bounded second opinions")
    parser.add_argument("--exit-code", action="store_true", help="exit 10 for distinct, 20 for unique")
    add_json(parser)
    add_loss(parser)
    _add_processes(parser)
    _add_many(parser)


def _add_processes(parser: argparse.ArgumentParser) -> None:
    """Who decides: the cubes of one hard question, or many nets."""
    group = parser.add_argument_group(
        "many processes",
        "One net that does not fall in a moment is split into cubes; of many nets each process decides one at a time.",
    )
    group.add_argument("--jobs", metavar="N", type=positive_int, help="processes on this machine (default 1)")
    group.add_argument(
        "--dask", metavar="SCHEDULER", help="decide on a Dask cluster: its address, or local:N for N processes here"
    )
    group.add_argument(
        "--resume",
        metavar="FILE",
        help="one net: keep the cubes that fell in FILE; the same command goes on where it was stopped",
    )
    group.add_argument(
        "--cube-seconds",
        metavar="S",
        type=positive_seconds,
        help=f"one net: a cube that stands so long is split again (default {CUBE_SECONDS:g})",
    )


def _add_many(parser: argparse.ArgumentParser) -> None:
    """What turns a check into a batch (``check_batch``)."""
    group = parser.add_argument_group(
        "many nets",
        "Several NETs, a folder (its *.json files and those below), a quoted glob, or an option of this group: "
        "one JSON line a net, then counts on standard error. Exit status: the first of 70, 3, 2, 4, 0 that a net has.",
    )
    group.add_argument("--manifest", metavar="FILE", help="nets listed in FILE: a path a line, or a JSON manifest")
    group.add_argument(
        "--output", metavar="FILE", help="append the lines to FILE; the same command goes on where it was stopped"
    )
    group.add_argument("--certificates", metavar="DIR", help="write the certificates into DIR")
    parser.set_defaults(refuse=parser.error)


def _is_batch(arguments: argparse.Namespace) -> bool:
    """Whether many nets are meant, or one in the manner of many."""
    options = (arguments.manifest, arguments.output, arguments.certificates)
    if not arguments.net and arguments.manifest is None:
        arguments.refuse("the following arguments are required: NET")
    if any(option is not None for option in options) or len(arguments.net) > 1:
        return True
    (net,) = arguments.net
    if os.path.isdir(net) or any(magic in net for magic in "*?["):  # noqa: PTH112 (pathlib would be a tenth of the start)
        from subgrad_hardness.batch.names import stands_for_many

        return stands_for_many(net)
    return False


def run(arguments: argparse.Namespace) -> int:
    """Check and report; the exit status is that of SPEC 3."""
    if _is_batch(arguments):
        from subgrad_hardness.cli import check_batch

        return check_batch.run(arguments)
    (arguments.net,) = arguments.net
    _look_at_certificate(arguments)
    try:
        result = check(
            given_net(arguments),
            point=given_point(arguments),
            solver=arguments.solver,
            time_limit=arguments.time_limit,
            memory_limit=arguments.memory_limit,
            seed=arguments.seed,
            cross_checks=not arguments.no_cross_check,
            certify=certified(arguments, arguments.certificate),
            threads=arguments.threads,
            jobs=arguments.jobs or 1,
            dask=arguments.dask,
            resume=arguments.resume,
            cube_seconds=arguments.cube_seconds or CUBE_SECONDS,
        )
    except Disagreement as disagreement:
        clear()
        return _disagreement(disagreement)
    show(result, as_json=arguments.json)
    return _status(result, arguments)


def _look_at_certificate(arguments: argparse.Namespace) -> None:
    """Refuse a certificate file that cannot be meant or written, before hours are spent."""
    name = arguments.certificate
    if name is None:
        return
    if arguments.no_certify:
        raise ParameterError("contradicts --certificate", place="--no-certify")
    if name in ("-", ""):
        raise ParameterError("give the name of a file; the report has standard output", place="--certificate")
    same = False
    with contextlib.suppress(OSError, ValueError):  # one of them is no file yet, or no name of a file
        from pathlib import Path

        same = Path(name).samefile(arguments.net)
    if same:
        raise ParameterError(f"{name} is the net itself", place="--certificate")
    require_writable(name)


def _status(result: CheckResult, arguments: argparse.Namespace) -> int:
    if arguments.certificate is not None and result.certificate is not None:
        write_text(arguments.certificate, result.certificate.dumps())
    if result.verdict == "unknown":
        return ExitStatus.UNKNOWN
    if arguments.certificate is not None and result.certificate is None:
        print(
            f"no certificate was obtained ({result.why_no_certificate}); {arguments.certificate} was not written",
            file=sys.stderr,
        )
        return ExitStatus.NOT_CERTIFIED
    return VERDICT_STATUS[result.verdict] if arguments.exit_code else 0


def _disagreement(disagreement: Disagreement) -> int:
    """Exit 70: say so, and keep the evidence."""
    text = write_json(disagreement.evidence, indent=1) + "\n"
    file = f"subgrad_hardness-disagreement-{disagreement.evidence['report']['digest'][:12]}.json"
    print(f"internal error, no verdict: {disagreement}", file=sys.stderr)
    try:
        write_text(file, text)
        print(f"the evidence is in {file}; please report it", file=sys.stderr)
    except OutputError:
        sys.stderr.write(text)
    return ExitStatus.INTERNAL
