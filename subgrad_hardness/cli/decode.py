"""``decode NET ANSWER --from FORMAT``."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.decode import decode, read_answer
from subgrad_hardness.api.results import VERDICTS
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.encode import add_format
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import add_json, print_json, say
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import require_writable
from subgrad_hardness.encoders.contract import AnswerError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET and ANSWER, the point, the format, the time limit, the certificate."""
    add_net_arguments(parser)
    parser.add_argument("answer", metavar="ANSWER", help="what the solver wrote, - for standard input")
    add_format(parser, "--from", "the format that was solved")
    parser.add_argument("--certificate", metavar="FILE", default=None, help="write the certificate of distinct to FILE")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Report: 0 distinct, replayed exactly; 3 unknown, whatever the solver claims."""
    if arguments.net == "-" == arguments.answer:
        raise ParameterError("NET and ANSWER cannot both be standard input", place="-")
    if arguments.certificate in ("-", ""):
        raise ParameterError("give the name of a file; the report has standard output", place="--certificate")
    if arguments.certificate is not None:
        require_writable(arguments.certificate)
    answer = read_answer(arguments.answer)
    try:
        result = decode(
            arguments.net,
            answer,
            arguments.format,
            point=given_point(arguments),
            normal_form=arguments.normal_form,
            certificate=arguments.certificate,
            time_limit=arguments.time_limit,
        )
    except AnswerError as problem:  # a text knows no file
        file = "<stdin>" if arguments.answer == "-" else arguments.answer
        raise AnswerError(problem.message, file=file, place=problem.place) from None
    if arguments.json:
        print_json(result.to_json())
    elif result.verdict == "distinct":
        print(result.explain())
    else:
        say(VERDICTS["unknown"])
        say(f"  why: {result.why}")
        if result.believed is not None:
            say(f"  claimed: {result.believed.verdict}, by {result.believed.by}")
    return 0 if result.verdict == "distinct" else ExitStatus.UNKNOWN
