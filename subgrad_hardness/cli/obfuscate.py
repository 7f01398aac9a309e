"""``obfuscate NET --steps a,b,c``: the same question in other words."""

from __future__ import annotations

import argparse

from subgrad_hardness.cli.options import add_net_arguments, given_point, integer
from subgrad_hardness.net.writing import dumps, write_text
from subgrad_hardness.obfuscating import obfuscate
from subgrad_hardness.obfuscation.registry import OBFUSCATIONS
from subgrad_hardness.pointwise import program_at


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, the steps, the seed, the output file."""
    add_net_arguments(parser)
    steps = "; ".join(f"{entry.name}: {entry.summary}" for entry in OBFUSCATIONS.values())
    parser.add_argument(
        "--steps",
        metavar="NAME,...",
        default="all",
        help=f"what to do, in this order, with repetitions (default: all, in the order of this list).  {steps}",
    )
    parser.add_argument("--seed", metavar="N", type=integer, default=0, help="seed of the random draws (default: 0)")
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help="where to write (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Write the net; returns 0.  Raises InputError and OutputError."""
    steps = list(OBFUSCATIONS) if arguments.steps == "all" else arguments.steps.split(",")
    program = obfuscate(program_at(arguments.net, given_point(arguments)), steps, seed=arguments.seed)
    write_text(arguments.output, dumps(program))
    return 0
