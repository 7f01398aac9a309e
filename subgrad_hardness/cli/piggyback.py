"""``piggyback NET``: the derivatives of the iterates, and the sets that they can tend to."""

from __future__ import annotations

import argparse
import contextlib
import time
from typing import Any

from subgrad_hardness.api.implicit_set import ImplicitSetResult, implicit_set
from subgrad_hardness.api.piggyback import MODES, piggyback
from subgrad_hardness.api.piggyback_set import PiggybackSetResult, piggyback_set
from subgrad_hardness.api.verify_piggyback_set import verify_piggyback_set
from subgrad_hardness.cli.given_vector import given_vector, look_at_place, written_file
from subgrad_hardness.cli.gradient import given_convention
from subgrad_hardness.cli.iteration_arguments import add_iteration, given_state, given_theta
from subgrad_hardness.cli.options import add_limits, positive_int
from subgrad_hardness.cli.output import add_json, print_json, say, show
from subgrad_hardness.cli.verifying import one_standard_input, said
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.iterative.group_inverse import SINGULAR
from subgrad_hardness.iterative.jacobians import SENSES
from subgrad_hardness.iterative.piggyback_set import STEPS
from subgrad_hardness.iterative.reading import load_iteration
from subgrad_hardness.iterative.verifying.attractor_format import hull_text
from subgrad_hardness.net.rational import format_rational

_SAID = {True: "yes", False: "no", None: "not known"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, theta, a run's options, a set's options, limits."""
    add_iteration(parser)
    parser.add_argument("--steps", metavar="N", type=positive_int, help=f"steps (default 20; of --set {STEPS})")
    run = parser.add_argument_group("a run")
    run.add_argument("--mode", choices=MODES, default="exact", help="rationals; doubles; v J backward (default exact)")
    run.add_argument("--start", metavar="X", help="x_0 (default: that in the file)")
    run.add_argument("--relu-at-zero", metavar="S", default=None, help="relu'(0) at every kink, in [0, 1] (default 0)")
    run.add_argument(
        "--at", metavar="NODE=S", action="append", default=[], help="relu'(0) at one node, others 0; may be repeated"
    )
    run.add_argument("--functional", metavar="V", help="v of --mode reverse")
    sets = parser.add_argument_group("the sets at the limit, instead of a run")
    sets.add_argument("--set", choices=SENSES, help="the hull of J_pb, and J_imp, for this sense of the Jacobians of F")
    sets.add_argument("--contains", metavar="X", help='is it a member? rows with semicolons: "1,0;2/3,-1"')
    sets.add_argument("--support", metavar="U", help="the greatest <U, X> over J_pb")
    sets.add_argument("--singular", choices=SINGULAR, default="group", help="where I - A is singular (default group)")
    sets.add_argument("--verify", metavar="FILE", help="check a certificate of --set, and do nothing else")
    add_limits(parser)
    parser.add_argument("--certificate", metavar="FILE", help="write the certificate of --set to FILE")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run and report, or report on the sets, or verify."""
    if arguments.verify is not None:
        return _verify(arguments)
    if arguments.set is not None:
        look_at_place(arguments)
        return _sets(arguments)
    for name in ("contains", "support", "certificate"):
        if getattr(arguments, name) is not None:
            raise ParameterError("wants --set", place=f"--{name}")
    result = piggyback(
        arguments.net,
        given_theta(arguments),
        steps=arguments.steps or 20,
        start=given_state(arguments.start, "--start"),
        relu_at_zero=given_convention(arguments),
        mode=arguments.mode,
        functional=given_state(arguments.functional, "--functional"),
        fixed_point=given_state(arguments.fixed_point, "--fixed-point"),
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    show(result, as_json=arguments.json)
    return 0


def _sets(arguments: argparse.Namespace) -> int:
    options: dict[str, Any] = {
        "jacobian": arguments.set,
        "fixed_point": given_state(arguments.fixed_point, "--fixed-point"),
        "memory_limit": arguments.memory_limit,
    }
    begun, theta = time.monotonic(), given_theta(arguments)
    iteration = arguments.net if arguments.net != "-" else load_iteration("-")
    implied = implicit_set(iteration, theta, singular=arguments.singular, time_limit=arguments.time_limit, **options)
    found: PiggybackSetResult | None = None
    with contextlib.suppress(ParameterError):  # no contraction: the report of the implicit rule says so
        left = _left(arguments, begun)
        found = piggyback_set(iteration, theta, steps=arguments.steps or STEPS, time_limit=left, **options)
    answers = _answers(arguments, found, begun)
    if arguments.json:
        both = {"piggyback": None if found is None else found.to_json(), "implicit": implied.to_json()}
        print_json({"version": 1, **both, **answers})
    else:
        _report_sets(found, implied)
        if arguments.contains is not None:
            hull, member = _SAID[answers["in_hull"]], _SAID[answers["in_set"]]
            word = "" if answers["word"] is None else f", by the word {answers['word']}"
            say(f"{arguments.contains} in conv J_pb: {hull}; in J_pb: {member}{word}")
        if answers["support"] is not None:
            say(f"the greatest <U, X> over J_pb is between {' and '.join(answers['support'])}")
    if found is None:
        return written_file(arguments, None, "J_pb is not known")
    why = found.uncertified or "the hull is not exact"
    return written_file(arguments, None if found.claim is None else hull_text(found.claim), why)


def _verify(arguments: argparse.Namespace) -> int:
    one_standard_input("NET and the certificate", arguments.net, arguments.verify)
    found = verify_piggyback_set(
        arguments.net,
        arguments.verify,
        given_theta(arguments),
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    return said(found, as_json=arguments.json)


def _left(arguments: argparse.Namespace, begun: float) -> float | None:
    """Of the time limit."""
    if arguments.time_limit is None:
        return None
    limit: float = arguments.time_limit
    return max(limit - (time.monotonic() - begun), 0.0)


def _answers(arguments: argparse.Namespace, found: PiggybackSetResult | None, begun: float) -> dict[str, Any]:
    """What was asked of the set."""
    answers: dict[str, Any] = {"in_hull": None, "in_set": None, "word": None, "support": None}
    if found is None:
        return answers
    if arguments.contains is not None:
        target = given_vector(arguments.contains, "--contains")
        member = found.member(target, time_limit=_left(arguments, begun))
        answers["in_hull"], answers["in_set"] = found.contains(target).inside, member.inside
        answers["word"] = None if member.word is None else str(member.word)
    if arguments.support is not None:
        low, high = found.support(given_vector(arguments.support, "--support"))
        answers["support"] = [format_rational(low), format_rational(high)]
    return answers


def _report_sets(found: PiggybackSetResult | None, implied: ImplicitSetResult) -> None:
    for line in implied.lines([] if found is None else found.lines(implied.pairs)):
        say(line)
