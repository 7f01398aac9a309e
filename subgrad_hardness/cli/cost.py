"""``cost PROGRAM``, ``cost --bounds``, ``cost --forward-limit``, ``cost --random``."""

from __future__ import annotations

import argparse
import json
from typing import Any

from subgrad_hardness.api.cost import cost
from subgrad_hardness.api.cost_limit import forward_limit
from subgrad_hardness.api.cost_peers import PEERS
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.options import add_point, given_point, integer, nonnegative_seconds, positive_int
from subgrad_hardness.cli.output import add_json, print_json, say, show
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import read_text_bytes, write_text
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.cost_model.dictionaries import DICTIONARIES, NAMES, Bound, Growth, highest_lines
from subgrad_hardness.cost_model.dictionary_files import dictionary_or_file, dictionary_text
from subgrad_hardness.cost_model.random_programs import campaign
from subgrad_hardness.cost_model.table import METHODS
from subgrad_hardness.cost_model.weights import Weights
from subgrad_hardness.net.rational import format_rational
from subgrad_hardness.plotting.canvas import require_output, write_picture
from subgrad_hardness.plotting.cost_pictures import draw_campaign, draw_limit, draw_table, limit_sizes

#: What the constants are of.
_WHAT = {
    "textbook": "backward, textbook",
    "structural": "backward, structural",
    "amortised": "backward, structural, but for one addition",
    "forward": "forward, textbook, k directions at once",
    "push": "forward, structural, k directions at once",
    "lexicographic": "lexicographic, k directions at once",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The program and its options, or one of the other questions."""
    parser.add_argument(
        "program", metavar="PROGRAM", nargs="?", help="a net file, - for standard input, or file.py:function"
    )
    add_point(parser)
    known = ", ".join(DICTIONARIES)
    parser.add_argument(
        "--dictionary",
        metavar="NAME",
        help=f"whose bounds are shown: {known}, or a file (default: the operations of the program)",
    )
    parser.add_argument(
        "--unit",
        metavar="WEIGHTS",
        default="unit",
        help="what operations cost: unit, nonscalar, or such as add=1,mul=1,div=1,cmp=1,nl=10 (default unit)",
    )
    parser.add_argument("--wrt", choices=("inputs", "weights", "both"), default="inputs", help="what of a net moves")
    parser.add_argument("--batch", metavar="B", type=positive_int, default=1, help="samples of a net (default 1)")
    parser.add_argument(
        "--form", choices=("textbook", "structural", "both"), default="both", help="which generator (default both)"
    )
    parser.add_argument(
        "--methods",
        metavar="LIST",
        default=",".join(METHODS),
        help=f"some of {', '.join(METHODS)} (default all), two-clarke",
    )
    parser.add_argument(
        "--directions",
        metavar="K",
        default=None,
        help="one more row: so many directional slopes at once; or a JSON file of directions, as rows",
    )
    parser.add_argument("--worst", action="store_true", help="count all branches, not those taken at the point")
    parser.add_argument("--seed", metavar="N", type=integer, default=0, help="of random choices (default 0)")
    parser.add_argument(
        "--time-limit", metavar="S", type=nonnegative_seconds, default=None, help="stop after S seconds (exit 3)"
    )
    parser.add_argument("--csv", metavar="FILE", default=None, help="write the table as CSV, - for standard output")
    parser.add_argument(
        "--plot",
        metavar="FILE",
        default=None,
        help="draw the table, the random programs or the forward limit: .png, .svg or .pdf (needs matplotlib)",
    )
    parser.add_argument("--measure", action="store_true", help="time the programs as well")
    parser.add_argument(
        "--peers",
        metavar="LIST",
        default="",
        help=f"time these as well, on one thread: {', '.join(PEERS)} (nets of layers)",
    )
    parser.add_argument("--decide", action="store_true", help="--measure, and decide about two Clarke subgradients")
    parser.add_argument("--bounds", metavar="NAME", help="the constants of a dictionary, by its name or in a file")
    parser.add_argument("--write-dictionary", metavar="FILE", help="with --bounds: its entries as such a file")
    parser.add_argument(
        "--forward-limit", metavar="P", type=positive_int, help="P derivatives at a kink as a P x P matrix product"
    )
    parser.add_argument(
        "--matrices", metavar="FILE", nargs=2, help="with --forward-limit: JSON files of the two matrices A and D"
    )
    parser.add_argument("--zeros-and-ones", action="store_true", help="with --forward-limit: the other construction")
    parser.add_argument(
        "--random", metavar="N", type=positive_int, help="try the bounds of --dictionary on N random programs"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Answer one of the questions; returns 0, 1 if a bound was broken."""
    chosen = [name for name in ("program", "bounds", "forward_limit", "random") if getattr(arguments, name) is not None]
    if len(chosen) != 1:
        raise ParameterError("give one of PROGRAM, --bounds, --forward-limit and --random", place="cost")
    if arguments.plot is not None:
        if arguments.bounds is not None:
            raise ParameterError("there is no picture of bounds alone", place="plot")
        require_output(arguments.plot)
    return {"program": _table, "bounds": _bounds, "forward_limit": _limit, "random": _random}[chosen[0]](arguments)


def _table(arguments: argparse.Namespace) -> int:
    report = cost(
        arguments.program,
        given_point(arguments),
        wrt=arguments.wrt,
        batch=arguments.batch,
        weights=arguments.unit,
        dictionary=arguments.dictionary,
        methods=[name for name in arguments.methods.split(",") if name],
        forms=("textbook", "structural") if arguments.form == "both" else (arguments.form,),
        directions=None if arguments.directions is None else _directions(arguments.directions),
        worst=arguments.worst,
        seed=arguments.seed,
        measure=arguments.measure,
        decide=arguments.decide,
        peers=[name for name in arguments.peers.split(",") if name],
        time_limit=arguments.time_limit,
    )
    if arguments.csv is not None:
        write_text(arguments.csv, report.to_csv())
    if arguments.plot is not None:
        write_picture(arguments.plot, lambda: draw_table(report))
    if arguments.csv != "-" or arguments.json:
        show(report, as_json=arguments.json)
    return 0


def _directions(text: str) -> int | list[list[Any]]:
    return int(text) if text.isascii() and text.isdigit() else _matrix(text)


def _bounds(arguments: argparse.Namespace) -> int:
    chosen = dictionary_or_file(arguments.bounds)
    found = chosen.bounds(Weights.from_text(arguments.unit))
    if arguments.write_dictionary is not None:
        write_text(arguments.write_dictionary, dictionary_text(chosen))
        if arguments.write_dictionary == "-":
            return 0
    constants = {"textbook": found.textbook, "structural": found.structural, "amortised": found.amortised}
    lines = {"forward": found.forward, "push": found.push, "lexicographic": found.lexicographic}
    if arguments.json:
        print_json(
            {
                "version": 1,
                "dictionary": chosen.name,
                "names": NAMES,
                **{name: _bound_json(bound) for name, bound in constants.items()},
                **{name: [_growth_json(growth) for growth in grown] for name, grown in lines.items()},
            }
        )
        return 0
    say(f"{chosen.name}: {chosen.about}; {count(len(chosen.variants), 'entry', 'entries')}")
    for name, bound in constants.items():
        value = "none" if bound.value is None else format_rational(bound.value)
        say(f"{NAMES[name]:<12}{_WHAT[name]:<52}{value:<8}{bound.entry}")
    for name, grown in lines.items():
        shown = "; ".join(_line(growth) for growth in highest_lines(grown)) or "none"
        say(f"{NAMES[name]:<12}{_WHAT[name]:<52}{shown}")
    return 0


def _line(growth: Growth) -> str:
    return f"{format_rational(growth.start)} + {format_rational(growth.slope)} k ({growth.entry})"


def _bound_json(bound: Bound) -> dict[str, Any]:
    return {"value": None if bound.value is None else format_rational(bound.value), "entry": bound.entry}


def _growth_json(growth: Growth) -> dict[str, Any]:
    return {"start": format_rational(growth.start), "slope": format_rational(growth.slope), "entry": growth.entry}


def _limit(arguments: argparse.Namespace) -> int:
    a, d = (None, None) if arguments.matrices is None else map(_matrix, arguments.matrices)
    found = forward_limit(
        arguments.forward_limit,
        a,
        d,
        zeros_and_ones=arguments.zeros_and_ones,
        seed=arguments.seed,
        time_limit=arguments.time_limit,
    )
    p = len(found.product)
    if arguments.plot is not None:
        write_picture(arguments.plot, lambda: draw_limit(limit_sizes(p), arguments.seed))
    show(found, as_json=arguments.json)
    return 0 if found.agrees else ExitStatus.REJECTED


def _matrix(file: str) -> list[list[Any]]:
    try:
        found = json.loads(read_text_bytes(file, ParameterError), parse_float=str)
    except ValueError as problem:
        raise ParameterError(f"no matrix in JSON: {problem}", place=file) from None
    if not isinstance(found, list) or not all(isinstance(row, list) for row in found):
        raise ParameterError("expected a list of rows", place=file)
    return found


def _random(arguments: argparse.Namespace) -> int:
    chosen = dictionary_or_file(arguments.dictionary or "full")
    weights = Weights.from_text(arguments.unit)
    tried = campaign(chosen, arguments.random, arguments.seed, weights, Limits.seconds(arguments.time_limit))
    bounds = chosen.bounds(weights)
    if arguments.plot is not None:
        write_picture(arguments.plot, lambda: draw_campaign(tried, bounds))
    ratios = {"textbook": tried.textbook, "structural": tried.structural, "forward": tried.forward}
    if arguments.json:
        found: dict[str, Any] = {
            "version": 1,
            "dictionary": chosen.name,
            "programs": tried.programs,
            "seed": tried.seed,
        }
        found |= {name: format_rational(ratio) for name, ratio in ratios.items()}
        found |= {"forward_share": format_rational(tried.forward_share)}
        found |= {"mean_textbook": tried.mean_textbook, "mean_structural": tried.mean_structural}
        print_json(found | {"violations": list(tried.violations)})
    else:
        say(f"{tried.programs} random programs over {chosen.name}, seed {tried.seed}")
        limit = {"textbook": bounds.omega_b, "structural": bounds.omega_a}
        for name, bound in limit.items():
            most = "none" if bound.value is None else format_rational(bound.value)
            mean = tried.mean_textbook if name == "textbook" else tried.mean_structural
            named = "omega_b" if name == "textbook" else "omega_a, but for one addition"
            say(f"{name:<12}largest ratio {float(ratios[name]):.3f}, mean {mean:.3f}, bound {most} ({named})")
        largest, share = float(tried.forward), float(tried.forward_share)
        say(f"{'forward':<12}largest ratio {largest:.3f}, largest ratio / bound {share:.3f} (omega_f(p))")
        say(f"violations: {len(tried.violations)}")
        for line in tried.violations[:10]:
            say(f"  {line}")
    return 0 if not tried.violations else ExitStatus.REJECTED
