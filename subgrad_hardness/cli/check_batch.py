"""``check`` on many nets: one JSON line each, progress while it runs, counts at the end."""

from __future__ import annotations

import argparse
import logging
import sys
from contextlib import closing

from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.batch.item import NetResult
from subgrad_hardness.batch.lines import write_line
from subgrad_hardness.batch.names import find_nets
from subgrad_hardness.batch.stream import check_many
from subgrad_hardness.batch.tally import Tally
from subgrad_hardness.cli.options import certified, given_point
from subgrad_hardness.cli.terminal import clear
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.words import count
from subgrad_hardness.processes.workers import WorkersLost


def run(arguments: argparse.Namespace) -> int:
    """Decide all nets; the exit status is the gravest of theirs (``batch.item.RANK``), 130 after Ctrl-C."""
    _refuse_what_is_for_one(arguments)
    nets = find_nets(arguments.net, arguments.manifest)
    if not nets:
        raise ParameterError("there is none; files called manifest.json are not nets", place="NET")
    tally = Tally(len(nets))
    try:
        _decide(arguments, nets, tally)
    except KeyboardInterrupt:
        return _stopped(arguments, tally, "interrupted", ExitStatus.INTERRUPTED)
    except WorkersLost as problem:
        return _stopped(arguments, tally, str(problem), ExitStatus.INTERNAL)
    clear()
    print(tally.summary(), file=sys.stderr)
    return tally.status


def _decide(arguments: argparse.Namespace, nets: tuple[str, ...], tally: Tally) -> None:
    results = check_many(
        nets,
        jobs=arguments.jobs or 1,
        dask=arguments.dask,
        output=arguments.output,
        certificates=arguments.certificates,
        point=given_point(arguments),
        solver=arguments.solver,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
        seed=arguments.seed,
        cross_checks=not arguments.no_cross_check,
        certify=certified(arguments, arguments.certificates),
        threads=arguments.threads,
    )
    if arguments.dask is not None:  # what its logs tell is in the results, or in one line at the end
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    with closing(results):
        for result in results:
            tally.add(result)
            if arguments.output is None:
                _print(result)


def _print(result: NetResult) -> None:
    """The line on standard output, at once."""
    write_text("-", write_line(result).decode("utf-8"))


def _stopped(arguments: argparse.Namespace, tally: Tally, why: str, status: int) -> int:
    """Say what stands and how to go on."""
    clear()
    where = "" if arguments.output is None else f"; their lines are in {arguments.output}: the same command goes on"
    print(f"{why}, after {tally.done} of {count(tally.total or 0, 'net')}{where}", file=sys.stderr)
    return status


def _refuse_what_is_for_one(arguments: argparse.Namespace) -> None:
    if arguments.certificate is not None:
        raise ParameterError("is for one net; many have --certificates DIR", place="--certificate")
    for option, value in (("--resume", arguments.resume), ("--cube-seconds", arguments.cube_seconds)):
        if value is not None:
            raise ParameterError("is for one net; many have --output", place=option)
    if arguments.exit_code:
        raise ParameterError("is for one net", place="--exit-code")
    if arguments.certificates is not None and arguments.no_certify:
        raise ParameterError("contradicts --certificates", place="--no-certify")
    for option in ("output", "certificates"):
        if getattr(arguments, option) in ("-", ""):
            raise ParameterError("give a name; without it the lines go to standard output", place=f"--{option}")
