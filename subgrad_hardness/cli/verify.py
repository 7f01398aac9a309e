"""``verify NET CERTIFICATE``, and the certificates of many nets."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.api.verify import verify
from subgrad_hardness.cli.options import add_limits, add_point, given_point
from subgrad_hardness.cli.output import add_json, print_json
from subgrad_hardness.cli.terminal import clear
from subgrad_hardness.cli.verifying import one_standard_input, said
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.progress import Steps
from subgrad_hardness.common.words import count


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, CERTIFICATE and the options of SPEC 3; those of many nets."""
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        help="NET and CERTIFICATE, - for standard input: a net file or a model (.onnx, .nnet), and its certificate; "
        "several such pairs; or, with --certificates, nets",
    )
    add_point(parser)
    parser.add_argument("--other", metavar="NET", help="the second net of a claim about two (equal, different)")
    add_limits(parser)
    add_json(parser)
    group = parser.add_argument_group(
        "many nets",
        "Several pairs, or an option of this group: one line a net (with --json one object), limits for each. "
        "Exit status: the first of 70, 1, 3, 2, 4, 0 that a net has (4: it has no certificate).",
    )
    group.add_argument(
        "--certificates", metavar="DIR", help="nets, folders or quoted globs with their certificates in DIR"
    )
    group.add_argument("--batch", metavar="LINES", help="the nets and certificates of a batch's output, - for stdin")
    parser.set_defaults(refuse=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Print VERIFIED (exit 0), REJECTED with the reason (exit 1), or UNKNOWN where a limit was hit (exit 3)."""
    if arguments.certificates is not None or arguments.batch is not None or len(arguments.files) > 2:
        return _many(arguments)
    missing = ("NET", "CERTIFICATE")[len(arguments.files) :]
    if missing:
        arguments.refuse(f"the following arguments are required: {', '.join(missing)}")
    net, certificate = arguments.files
    arguments.net = net
    one_standard_input("NET, CERTIFICATE and --other", net, certificate, arguments.other)
    result = verify(
        net,
        certificate,
        given_point(arguments),
        other=arguments.other,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    return said(result, as_json=arguments.json)


def _many(arguments: argparse.Namespace) -> int:
    from subgrad_hardness.batch.verifying import GRAVEST, Pair, pairs_in, pairs_of_lines, verify_pairs

    if arguments.other is not None:
        raise ParameterError("is for one certificate", place="--other")
    point, files = given_point(arguments), arguments.files
    pairs: Iterable[Pair]
    if arguments.batch is not None:
        if files or arguments.certificates is not None or point is not None:
            raise ParameterError("has nets, certificates and points of its own", place="--batch")
        pairs = pairs_of_lines(arguments.batch)
        total = len(pairs)
    elif arguments.certificates is not None:
        from subgrad_hardness.batch.names import find_nets

        nets = find_nets(files)
        if not nets:
            raise ParameterError("there is none", place="NET")
        pairs, total = pairs_in(arguments.certificates, nets, point), len(nets)
    else:
        if len(files) % 2:
            raise ParameterError(f"{len(files)} files; nets and certificates come in pairs", place="NET")
        if "-" in files:
            raise ParameterError("standard input is one file; many have names", place="-")
        pairs = [Pair(*pair) for pair in zip(files[::2], files[1::2], strict=True)]
        total = len(pairs)
    statuses, steps = set(), Steps(total, "certificate")
    verified = 0
    limits = {"time_limit": arguments.time_limit, "memory_limit": arguments.memory_limit}
    for number, found in enumerate(verify_pairs(pairs, point, **limits), start=1):
        if arguments.json:
            print_json(found.to_json())
        else:
            print(found.explain(), flush=True)
        statuses.add(found.status)
        verified += found.status == ExitStatus.ANSWERED
        steps.done(number)
    clear()
    print(f"{verified} of {count(total, 'certificate')} verified", file=sys.stderr)
    return next((status for status in GRAVEST if status in statuses), ExitStatus.ANSWERED)
