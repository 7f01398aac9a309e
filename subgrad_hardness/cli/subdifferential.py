"""``subdifferential NET``: all lexicographic subgradients, and their convex hull."""

from __future__ import annotations

import argparse
import sys

from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.api.subdifferential import subdifferential
from subgrad_hardness.cli.losses import add_loss, given_net
from subgrad_hardness.cli.options import add_net_arguments, given_point, nonnegative_seconds, positive_int
from subgrad_hardness.cli.output import add_json, show
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import require_writable, write_file


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
    )
    if arguments.npz is not None:
        from subgrad_hardness.api.subdifferential_arrays import arrays

        write_file(arguments.npz, lambda: arrays(result))
    show(result, as_json=arguments.json)
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
