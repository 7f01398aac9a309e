"""``obfuscate NET --steps a,b,c``: the same question in other words; ``obfuscate list`` names the steps."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.obfuscate import obfuscate
from subgrad_hardness.cli.options import add_point, given_point, integer
from subgrad_hardness.common.files import write_text
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.writing import dumps
from subgrad_hardness.obfuscation.registry import OBFUSCATIONS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, the steps, the seed, the output file."""
    parser.add_argument(
        "net", metavar="NET", help='a net file, - for standard input; or "list": the steps, a line each'
    )
    add_point(parser)
    parser.add_argument(
        "--steps",
        metavar="NAME,...",
        default="all",
        help=f"what to do, in this order, with repetitions: {', '.join(OBFUSCATIONS)}; or all of them (default)",
    )
    parser.add_argument("--seed", metavar="N", type=integer, default=0, help="seed of the random draws (default: 0)")
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help="where to write (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Write the net, or the list; returns 0.  Raises InputError and OutputError."""
    if "list" in (arguments.net, arguments.steps):
        width = max(map(len, OBFUSCATIONS))
        write_text("-", "".join(f"{entry.name:{width}}  {entry.summary}\n" for entry in OBFUSCATIONS.values()))
        return 0
    steps = list(OBFUSCATIONS) if arguments.steps == "all" else arguments.steps.split(",")
    program = obfuscate(load(arguments.net, given_point(arguments)), steps, seed=arguments.seed)
    write_text(arguments.output, dumps(program))
    return 0
