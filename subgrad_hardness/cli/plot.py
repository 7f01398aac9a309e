"""``plot fan``, ``clarke``, ``transition``, ``scaling``, ``cost``, ``piggyback``: pictures, with the ``plot`` extra."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.iteration_arguments import add_iteration, given_state, given_theta
from subgrad_hardness.cli.options import add_net_arguments, given_point, integer, nonnegative_seconds, positive_int
from subgrad_hardness.cli.output import say
from subgrad_hardness.cli.parsers import Parser
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import LimitReached
from subgrad_hardness.common.words import count
from subgrad_hardness.net.rational import format_rational, parse_rational
from subgrad_hardness.plotting.clarke_picture import plot_clarke
from subgrad_hardness.plotting.costs import plot_cost
from subgrad_hardness.plotting.pictures import plot_fan, plot_scaling, plot_transition
from subgrad_hardness.plotting.piggyback import plot_piggyback

_VARY = (
    "the parameter and its values, the easiest first, such as vertices=6,8,10 for maxcut "
    "(default, for ksat: variables=10:80:10, with ratio=4.26)"
)

#: Picture -> its line in the list, and what its own help says more.
PICTURES = {
    "fan": (
        "what is around the point of a net with one input or two, and its Clarke subdifferential",
        "Two inputs: the cells around the point, coloured by their Jacobians, cells too thin to be seen once more at "
        "the rim; beside them all Jacobians, their hull, and where backpropagation is. One input: F' on both sides, "
        "and the interval between the slopes.",
    ),
    "clarke": (
        "the Clarke subdifferential, or its projection onto two or three coordinates",
        "All lexicographic subgradients, their hull, and what backpropagation returns, in or out of it; of nets with "
        "any number of inputs and outputs.",
    ),
    "transition": (
        "random k-SAT nets: time, and share of two subgradients, against clauses per variable",
        "The nets are made and decided now, without proofs; --data keeps the runs, --from draws them again.",
    ),
    "scaling": (
        "the nets of a family: time against a parameter, a curve a solver",
        "The nets are made and decided now, without proofs; a solver that answered none of the nets of a value is not "
        "asked about the next ones. --data keeps the runs, --from draws them again.",
    ),
    "cost": (
        "what each kind of derivative costs against the number of inputs, in evaluations",
        "Left the operations, counted; right the time of deciding whether there are two subgradients, which no "
        "polynomial is known to bound.",
    ),
    "piggyback": (
        "how iterates and their derivatives approach the limit of an iteration",
        "Errors of the iterates above, of their Jacobians below, against the exact limit; the step from which all "
        "relus stand as they do at the limit is marked.",
    ),
}

#: A range of more values is a mistake.
_MOST_VALUES = 1000


def add_arguments(parser: Parser) -> None:
    """One sub-command a picture."""
    pictures = parser.add_subparsers(dest="picture", metavar="PICTURE", required=True)
    fan = _picture(pictures, "fan")
    add_net_arguments(fan)
    fan.add_argument("--time-limit", metavar="S", type=nonnegative_seconds, help="seconds for going around (exit 3)")
    _add_output(fan)
    clarke = _picture(pictures, "clarke")
    add_net_arguments(clarke)
    clarke.add_argument(
        "--onto", metavar="I,J[,K]", help="entries of the Jacobian, read row by row, from 0 (default: up to three)"
    )
    clarke.add_argument("--time-limit", metavar="S", type=nonnegative_seconds, help="seconds for all of it (exit 3)")
    _add_output(clarke)
    transition = _picture(pictures, "transition")
    transition.add_argument("--variables", metavar="N,...", default="30,45,60", help="sizes (default: 30,45,60)")
    transition.add_argument(
        "--ratios", metavar="A:B:STEP", default="3:6:0.25", help="clauses per variable, or a list (default: 3:6:0.25)"
    )
    transition.add_argument("--solver", metavar="NAME", default="auto", help="as for check (default: auto)")
    _add_measuring(transition, 20)
    scaling = _picture(pictures, "scaling")
    scaling.add_argument(
        "family", metavar="FAMILY", nargs="?", default="ksat", help="see generate list (default: ksat)"
    )
    scaling.add_argument("--vary", metavar="PARAMETER=N,...", help=_VARY)
    scaling.add_argument("--solvers", metavar="NAME,...", default="auto", help="as for check (default: auto)")
    _add_measuring(scaling, 5)
    cost = _picture(pictures, "cost")
    cost.add_argument("--sizes", metavar="P", default="2,4,8,16,32,64", help="inputs, counted (default %(default)s)")
    cost.add_argument(
        "--vertices", metavar="N", default="4,6,8,10,12,14", help="of the cuts, measured (default: %(default)s)"
    )
    cost.add_argument(
        "--values", metavar="N", default="6,8,10,14,20,24", help="of the regressions, measured (default: %(default)s)"
    )
    cost.add_argument("--time-limit", metavar="S", type=nonnegative_seconds, help="seconds for all of it (exit 3)")
    _add_output(cost)
    piggyback = _picture(pictures, "piggyback")
    add_iteration(piggyback)
    piggyback.add_argument("--steps", metavar="N", type=positive_int, default=100, help="of the run (default: 100)")
    piggyback.add_argument("--time-limit", metavar="S", type=nonnegative_seconds, help="seconds for all of it (exit 3)")
    _add_output(piggyback)


def _picture(pictures: argparse._SubParsersAction[Parser], name: str) -> Parser:
    summary, more = PICTURES[name]
    return pictures.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}. {more}", allow_abbrev=False
    )


def _add_measuring(parser: argparse.ArgumentParser, seeds: int) -> None:
    parser.add_argument(
        "--set",
        metavar="PARAMETER=VALUE",
        action="append",
        default=[],
        help="another parameter of the family, such as form=layers3; may be repeated",
    )
    parser.add_argument("--seeds", metavar="N", type=positive_int, default=seeds, help=f"nets each (default: {seeds})")
    parser.add_argument(
        "--time-limit", metavar="S", type=nonnegative_seconds, default=10.0, help="seconds a net (default: 10)"
    )
    parser.add_argument("--data", metavar="FILE", help="keep the runs in a JSON file")
    parser.add_argument("--from", dest="source", metavar="FILE", help="draw such a file instead of measuring")
    _add_output(parser)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the picture: .png, .svg or .pdf")


def run(arguments: argparse.Namespace) -> int:
    """Draw; returns 0, or 3 where the fan's time ran out.  Raises InputError and OutputError."""
    if arguments.picture == "fan":
        return _fan(arguments)
    if arguments.picture == "clarke":
        return _clarke(arguments)
    if arguments.picture == "cost":
        return _cost(arguments)
    if arguments.picture == "piggyback":
        return _piggyback(arguments)
    common = {
        "fixed": dict(_assignment(text, "set") for text in arguments.set),
        "seeds": arguments.seeds,
        "time_limit": arguments.time_limit,
        "data": arguments.data,
        "source": arguments.source,
    }
    if arguments.picture == "transition":
        series = plot_transition(
            arguments.output,
            variables=arguments.variables.split(","),
            ratios=_values(arguments.ratios),
            solver=arguments.solver,
            **common,
        )
    else:
        vary = None
        if arguments.vary is not None:
            name, text = _assignment(arguments.vary, "vary")
            vary = {name: _values(text)}
        series = plot_scaling(arguments.output, arguments.family, vary, solvers=arguments.solvers.split(","), **common)
    open_runs = sum(run.verdict == "unknown" for run in series.runs)
    say(f"{arguments.output}: {count(len(series.runs), 'run')}, {open_runs} without an answer")
    return 0


def _fan(arguments: argparse.Namespace) -> int:
    try:
        fan = plot_fan(arguments.net, arguments.output, point=given_point(arguments), time_limit=arguments.time_limit)
    except LimitReached:
        say("unknown: the time ran out before all cells were seen; nothing was drawn")
        return ExitStatus.UNKNOWN
    pieces = count(len(fan.sectors), "cell") if len(fan.point) == 2 else "both sides"
    say(f"{arguments.output}: {pieces}, {count(len(fan.jacobians), 'lexicographic subgradient')}")
    return 0


def _clarke(arguments: argparse.Namespace) -> int:
    onto = None if arguments.onto is None else [_whole(text, "--onto") for text in arguments.onto.split(",")]
    try:
        shadow = plot_clarke(
            arguments.net, arguments.output, point=given_point(arguments), onto=onto, time_limit=arguments.time_limit
        )
    except LimitReached:
        say("unknown: the time ran out before all members were found; nothing was drawn")
        return ExitStatus.UNKNOWN
    members = count(shadow.number, "lexicographic subgradient")
    say(f"{arguments.output}: {members}, {count(len(shadow.body.vertices), 'vertex', 'vertices')}")
    return 0


def _cost(arguments: argparse.Namespace) -> int:
    sizes, vertices, values = (
        [_whole(entry, name) for entry in getattr(arguments, name).split(",")]
        for name in ("sizes", "vertices", "values")
    )
    try:
        costs = plot_cost(
            arguments.output, sizes=sizes, vertices=vertices, values=values, time_limit=arguments.time_limit
        )
    except LimitReached:
        say("unknown: the time ran out before all was counted; nothing was drawn")
        return ExitStatus.UNKNOWN
    say(f"{arguments.output}: {count(len(costs.counted), 'curve')} counted, {len(costs.measured)} measured")
    return 0


def _piggyback(arguments: argparse.Namespace) -> int:
    try:
        drawn = plot_piggyback(
            arguments.net,
            arguments.output,
            theta=given_theta(arguments),
            fixed_point=given_state(arguments.fixed_point, "--fixed-point"),
            steps=arguments.steps,
            time_limit=arguments.time_limit,
        )
    except LimitReached:
        say("unknown: the time ran out before the run had ended; nothing was drawn")
        return ExitStatus.UNKNOWN
    distance = f"{drawn.jacobians[0][-1]:.1e}"
    say(f"{arguments.output}: after {arguments.steps} steps the Jacobian is {distance} from that of the limit")
    return 0


def _whole(text: str, place: str) -> int:
    try:
        return integer(text)
    except argparse.ArgumentTypeError as problem:
        raise ParameterError(str(problem), place=place) from None


def _assignment(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise ParameterError("expected PARAMETER=VALUE", place=option)
    return name.replace("-", "_"), value


def _values(text: str) -> list[str]:
    """``a,b,c`` as it stands, or all of ``first:last:step``, exactly."""
    if ":" not in text:
        return text.split(",")
    try:
        first, last, step = map(parse_rational, text.split(":"))
    except ValueError:
        raise ParameterError("expected FIRST:LAST:STEP, three numbers", place="values") from None
    if step <= 0 or last < first:
        raise ParameterError(f"{text} holds no value: expected FIRST <= LAST and STEP > 0", place="values")
    most = (last - first) // step + 1
    if most > _MOST_VALUES:
        raise ParameterError(f"{most} values, expected at most {_MOST_VALUES}", place="values")
    return [format_rational(first + number * step) for number in range(most)]
