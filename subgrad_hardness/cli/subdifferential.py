"""``subdifferential NET``: all lexicographic subgradients, and their convex hull."""

from __future__ import annotations

import argparse
import sys

from subgrad_hardness.api.shown import show_matrix, show_number, show_vector
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.api.subdifferential import subdifferential
from subgrad_hardness.api.subdifferential_result import ClarkeSet, SubdifferentialResult
from subgrad_hardness.cli.losses import add_loss, given_net
from subgrad_hardness.cli.options import add_net_arguments, given_point, nonnegative_seconds, positive_int
from subgrad_hardness.cli.output import Progress, add_json, print_json, say, say_statement
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import require_writable, write_file
from subgrad_hardness.common.words import count

#: Reports for people list this many of anything; ``--json`` has them all.
_MOST_SHOWN = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, what is wanted, limits, files."""
    add_net_arguments(parser)
    parser.add_argument("--count", action="store_true", help="only how many there are, without a list if possible")
    parser.add_argument(
        "--clarke", action="store_true", help="the convex hull: vertices, dimension, affine hull, shortest element"
    )
    parser.add_argument("--facets", action="store_true", help="and its facets")
    parser.add_argument("--volume", action="store_true", help="and its volume")
    parser.add_argument("--limit", metavar="N", type=positive_int, help="stop after N lexicographic subgradients")
    parser.add_argument(
        "--time-limit", metavar="S", type=nonnegative_seconds, default=None, help="stop after S seconds (exit 3)"
    )
    parser.add_argument("--jobs", metavar="N", type=positive_int, default=1, help="so many processes (default 1)")
    parser.add_argument(
        "--resume", metavar="FILE", help="keep what is found in FILE; the same command goes on where it was stopped"
    )
    parser.add_argument("--npz", metavar="FILE", help="write the Jacobians and where they rule as arrays of integers")
    parser.add_argument("--certificate", metavar="FILE", help="write a certificate that these are all to FILE")
    add_json(parser)
    add_loss(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what was found; exit 3 if the time ended before it was all, 4 if a certificate was not obtained."""
    _look(arguments)
    progress = Progress()
    try:
        result = subdifferential(
            given_net(arguments), point=given_point(arguments), jobs=arguments.jobs, resume=arguments.resume
        ).report(
            limit=arguments.limit,
            count_only=arguments.count,
            clarke=arguments.clarke,
            facets=arguments.facets,
            volume=arguments.volume,
            certificate=arguments.certificate,
            time_limit=arguments.time_limit,
            progress=progress,
        )
    finally:
        progress.clear()
    if arguments.npz is not None:
        from subgrad_hardness.api.subdifferential_arrays import arrays

        write_file(arguments.npz, lambda: arrays(result))
    if arguments.json:
        print_json(result.to_json())
    else:
        for line in _report(result):
            say(line)
        say_statement(result.statement)
    asked = arguments.limit is not None and len(result.members or ()) == arguments.limit
    if result.why is not None and not asked:
        return ExitStatus.UNKNOWN
    if arguments.certificate is not None and result.certificate is None:
        print(
            f"no certificate was obtained ({result.uncertified}); {arguments.certificate} was not written",
            file=sys.stderr,
        )
        return ExitStatus.NOT_CERTIFIED
    return 0


def _look(arguments: argparse.Namespace) -> None:
    """Refuse what contradicts itself, and files that cannot be written, before hours are spent."""
    if arguments.count:
        for option in ("clarke", "facets", "volume", "limit", "npz", "certificate"):
            if getattr(arguments, option) not in (None, False):
                raise ParameterError("contradicts --count, which lists nothing", place=f"--{option}")
    for name, place in ((arguments.npz, "--npz"), (arguments.certificate, "--certificate")):
        if name in ("-", ""):
            raise ParameterError("give the name of a file; the report has standard output", place=place)
        if name is not None:
            require_writable(name)


def _report(result: SubdifferentialResult) -> list[str]:
    around = f"around {show_vector(result.point)}"
    if result.number is not None:
        lines = [f"{count(result.number, 'lexicographic subgradient')} {around}"]
    elif result.members is None:
        lines = [f"the lexicographic subgradients {around} are not counted"]
    else:
        lines = [f"at least {count(len(result.members or ()), 'lexicographic subgradient')} {around}"]
    members = result.members or ()
    for member in members[:_MOST_SHOWN]:
        lines.append(f"  {show_matrix(member.jacobian)}  towards {show_vector(member.interior)}")
    if len(members) > _MOST_SHOWN:
        lines.append(f"  ... and {len(members) - _MOST_SHOWN} more (--json lists all)")
    if result.clarke is not None:
        lines += _hull(
            result.clarke, "their convex hull" if result.statement == "lexicographic" else "Clarke subdifferential"
        )
    if result.certificate is not None:
        lines.append("certified: there are no others")
    return lines if result.why is None else [*lines, result.why]


def _hull(clarke: ClarkeSet, what: str) -> list[str]:
    vertices = count(len(clarke.vertices), "vertex", "vertices")
    lines = [f"{what}: dimension {clarke.dimension}, {vertices}"]
    lines += [f"  {show_matrix(vertex)}" for vertex in clarke.vertices[:_MOST_SHOWN]]
    if len(clarke.vertices) > _MOST_SHOWN:
        lines.append(f"  ... and {len(clarke.vertices) - _MOST_SHOWN} more (--json lists all)")
    lines += [f"  on {show_vector(normal)} . J = {show_number(value)}" for normal, value in clarke.equations]
    if clarke.facets is not None:
        lines.append(count(len(clarke.facets), "facet"))
        lines += [f"  {show_vector(n)} . J <= {show_number(bound)}" for n, bound in clarke.facets[:_MOST_SHOWN]]
        if len(clarke.facets) > _MOST_SHOWN:
            lines.append(f"  ... and {len(clarke.facets) - _MOST_SHOWN} more (--json lists all)")
    if clarke.volume is not None and clarke.squared_volume is not None:
        where = "" if not clarke.equations else f", projected onto coordinates {show_vector(clarke.free)}"
        lines.append(f"volume {show_number(clarke.volume)}{where}")
        if clarke.equations:
            lines.append(f"squared volume within its affine hull {show_number(clarke.squared_volume)}")
    lines.append(f"shortest element {show_matrix(clarke.shortest)}, squared norm {show_number(clarke.squared)}")
    largest = zip(("l1", "squared l2", "linf"), clarke.lipschitz, strict=True)
    lines.append("largest norms: " + ", ".join([f"{name} {show_number(value)}" for name, value in largest]))
    return lines
