"""``check NET``: the main job."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from subgrad_hardness.api.check import check
from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.api.results import CheckResult, show_matrix, show_names, show_number, show_vector
from subgrad_hardness.cli.options import add_limits, add_point, given_point, integer, positive_int
from subgrad_hardness.cli.output import Progress, add_json, print_json, say
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import OutputError, require_writable, write_text
from subgrad_hardness.common.words import count
from subgrad_hardness.engine.registry import SOLVERS
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.json_text import write_json

UNKNOWN, NOT_CERTIFIED, INTERNAL = 3, 4, 70
VERDICT_STATUS = {"distinct": 10, "unique": 20}


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
    _add_many(parser)


def _add_many(parser: argparse.ArgumentParser) -> None:
    """What turns a check into a batch (``check_batch``)."""
    group = parser.add_argument_group(
        "many nets",
        "Several NETs, a folder (its *.json files and those below), a quoted glob, or any option of this group: "
        "one JSON line a net, then counts on standard error. Exit status: the first of 70, 3, 2, 4, 0 that a net has.",
    )
    group.add_argument("--manifest", metavar="FILE", help="nets listed in FILE: a path a line, or a JSON manifest")
    group.add_argument("--jobs", metavar="N", type=positive_int, help="nets at the same time (default 1)")
    group.add_argument(
        "--output", metavar="FILE", help="append the lines to FILE; the same command goes on where it was stopped"
    )
    group.add_argument("--certificates", metavar="DIR", help="write the certificates into DIR")
    group.add_argument(
        "--dask", metavar="SCHEDULER", help="decide on a Dask cluster: its address, or local:N for N processes here"
    )
    parser.set_defaults(refuse=parser.error)


def _is_batch(arguments: argparse.Namespace) -> bool:
    """Whether many nets are meant, or one in the manner of many."""
    options = (arguments.manifest, arguments.jobs, arguments.output, arguments.certificates, arguments.dask)
    if not arguments.net and arguments.manifest is None:
        arguments.refuse("the following arguments are required: NET")
    if any(option is not None for option in options) or len(arguments.net) > 1:
        return True
    (net,) = arguments.net
    if Path(net).is_dir() or any(magic in net for magic in "*?["):
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
    progress = Progress()
    try:
        result = check(
            arguments.net,
            point=given_point(arguments),
            solver=arguments.solver,
            time_limit=arguments.time_limit,
            memory_limit=arguments.memory_limit,
            seed=arguments.seed,
            cross_checks=not arguments.no_cross_check,
            certify=certified(arguments, arguments.certificate),
            threads=arguments.threads,
            progress=progress,
        )
    except Disagreement as disagreement:
        progress.clear()  # before the complaint, and again after it does no harm
        return _disagreement(disagreement)
    finally:
        progress.clear()
    if arguments.json:
        print_json(result.to_json())
    else:
        for line in report(result):
            say(line)
    return _status(result, arguments)


def certified(arguments: argparse.Namespace, place: str | None) -> bool | None:
    """To the end if certificates have a place to go, not at all for ``--no-certify``, else within a budget."""
    if place is not None:
        return True
    return False if arguments.no_certify else None


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
        same = Path(name).samefile(arguments.net)
    if same:
        raise ParameterError(f"{name} is the net itself", place="--certificate")
    require_writable(name)


def _status(result: CheckResult, arguments: argparse.Namespace) -> int:
    if arguments.certificate is not None and result.certificate is not None:
        write_text(arguments.certificate, result.certificate.dumps())
    if result.verdict == "unknown":
        return UNKNOWN
    if arguments.certificate is not None and result.certificate is None:
        print(
            f"no certificate was obtained ({_why_not(result)}); {arguments.certificate} was not written",
            file=sys.stderr,
        )
        return NOT_CERTIFIED
    return VERDICT_STATUS[result.verdict] if arguments.exit_code else 0


def _why_not(result: CheckResult) -> str:
    """Why an answer has no certificate."""
    return result.uncertified or "the time ran out"


def _disagreement(disagreement: Disagreement) -> int:
    """Exit 70: say so, and keep the evidence."""
    text = write_json(disagreement.evidence, indent=1) + "\n"
    file = Path(f"subgrad_hardness-disagreement-{disagreement.evidence['report']['digest'][:12]}.json")
    print(f"internal error, no verdict: {disagreement}", file=sys.stderr)
    try:
        write_text(file, text)
        print(f"the evidence is in {file}; please report it", file=sys.stderr)
    except OutputError:
        sys.stderr.write(text)
    return INTERNAL


# Larger Jacobians are cut when printed (results.show_matrix).
_SHOWN_ROWS, _SHOWN_ENTRIES = 4, 8

VERDICTS = {
    "distinct": "DISTINCT: there are two different Clarke subgradients here; F is not differentiable at the point.",
    "unique": "UNIQUE: there is exactly one Clarke subgradient here; F is differentiable at the point.",
    "unknown": "UNKNOWN: no exact answer.",
}


def report(result: CheckResult) -> list[str]:
    """The answer for people, in a few lines."""
    lines = [VERDICTS[result.verdict]]
    if result.verdict == "unknown":
        lines.append(f"  why: {result.why}")
        if result.believed is not None:
            lines.append(f"  {result.believed.by} believes {result.believed.verdict}, in floating point: no proof")
    if result.point is not None and result.kinks is not None and result.kink_names is not None:
        kinks = f"{count(result.kinks, 'kink')} (relus of the rewriting at 0)"
        where = f" at {show_names(result.kink_names)}" if result.kink_names else ""
        lines.append(f"point: {show_vector(result.point)}, {kinks}{where}")
    if result.nearest_kink is not None:
        lines.append(
            f"  nearest {'other ' if result.kinks else ''}kink: {result.nearest_kink.node}, "
            f"preactivation {show_number(result.nearest_kink.distance)} from 0"
        )
    lines += _subgradients(result)
    lines += _autodiff(result)
    if result.cross_checks is not None:
        agreeing = [check.method for check in result.cross_checks if check.agrees]
        lines.append(f"cross-checked by: {', '.join(agreeing)}" if agreeing else "not cross-checked")
        lines += [f"  {check.method} skipped: {check.why}" for check in result.cross_checks if check.agrees is None]
    elif result.verdict != "unknown":
        lines.append("not cross-checked")
    if result.verdict != "unknown":
        certified = (
            "by a certificate that the independent verifier accepted"
            if result.certified
            else f"no ({_why_not(result)})"
        )
        lines.append(f"decided by: {result.solver} ({result.why})")
        lines.append(f"certified: {certified}")
    lines.append(f"{result.seconds:.3f} s")
    return lines


def _subgradients(result: CheckResult) -> list[str]:
    if not result.subgradients:
        return []
    if result.verdict != "distinct" or result.separating_direction is None:
        which = "the only subgradient" if result.verdict == "unique" else "one subgradient"
        return [f"{which}: {show_matrix(result.subgradients[0])}"]
    first, second = result.subgradients
    direction = result.separating_direction
    along = [
        [sum((entry * step for entry, step in zip(row, direction, strict=True)), start=row[0] * 0) for row in matrix]
        for matrix in (first, second)
    ]
    # More digits, up to a point, until people can see the difference.
    digits = next((n for n in (7, 16, 40) if show_matrix(first, digits=n) != show_matrix(second, digits=n)), 7)
    return [
        f"subgradient 1: {show_matrix(first, digits=digits)}",
        f"subgradient 2: {show_matrix(second, digits=digits)}",
        *_differences(first, second),
        f"they differ along d = {show_vector(direction)}: F'(x0; d) = {show_vector(along[1])}, "
        f"but subgradient 1 gives {show_vector(along[0])}",
    ]


def _differences(first: Matrix, second: Matrix) -> list[str]:
    """Where two Jacobians differ, if they are too large to be printed whole."""
    if len(first) <= _SHOWN_ROWS and len(first[0]) <= _SHOWN_ENTRIES:
        return []
    places = [
        (output, index)
        for output, (row, other) in enumerate(zip(first, second, strict=True))
        for index, (x, y) in enumerate(zip(row, other, strict=True))
        if x != y
    ]
    shown = ", ".join(
        f"[{output}][{index}] ({show_number(first[output][index])} / {show_number(second[output][index])})"
        for output, index in places[:4]
    )
    return [f"  they differ in {count(len(places), 'entry', 'entries')}: {shown}{', ...' if len(places) > 4 else ''}"]


def _autodiff(result: CheckResult) -> list[str]:
    if result.autodiff is None or not result.subgradients:
        return []
    gradient = result.autodiff.gradient
    if gradient in result.subgradients:
        number = result.subgradients.index(gradient) + 1
        judgement = f"which is {'the subgradient' if result.verdict == 'unique' else f'subgradient {number}'}"
    else:
        judgement = {
            True: "which is another Clarke subgradient, a convex combination",
            False: "which is NOT a Clarke subgradient",
            None: "which is none of the above; whether it is a convex combination of subgradients was not decided",
        }[result.autodiff.clarke]
    line = f"backpropagation of the program (relu'(0) = 0) returns {show_matrix(gradient)}, {judgement}"
    agree = {
        True: "every choice of relu'(0) gives the same",
        False: "other choices of relu'(0) give other results",
        None: "whether other choices of relu'(0) agree was not decided in time",
    }
    return [line, f"  {agree[result.autodiff.singleton]}"]
