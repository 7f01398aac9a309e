"""Deciding one item of a batch: the task that every process and machine runs."""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Mapping
from functools import partial
from typing import Any

from subgrad_hardness.api.check import check_within, checked
from subgrad_hardness.api.check_options import CheckOptions
from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.api.results import CheckResult
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.batch.item import Item, NetResult
from subgrad_hardness.common.errors import InputError, ParameterError, one_line
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.models.reading import load_bytes
from subgrad_hardness.processes.channels import Channels


def decide(item: Item) -> NetResult:
    """What ``check`` says of one net, whatever that is.

    Raises ParameterError alone: an option that cannot be had here is no fault of the net.  With a time or memory
    limit the net gets a process of its own (about 0.1 s).
    """
    asked = item.options.check
    if item.options.certificates is not None:
        asked = dataclasses.replace(asked, certify=True)
    try:
        result = checked(item.net, asked, job=partial(_check_bytes, data=item.data))
    except ParameterError:
        raise
    except InputError as problem:
        return _failed(item, ExitStatus.BAD_INPUT, str(problem))
    except Disagreement as problem:
        return _failed(item, ExitStatus.INTERNAL, f"internal error, no verdict: {problem}", problem.evidence)
    except MemoryError:
        return _failed(item, ExitStatus.INTERNAL, "out of memory")
    except Exception as problem:
        message = f"internal error, please report it: {type(problem).__name__}: {problem}"
        return _failed(item, ExitStatus.INTERNAL, message, {"traceback": traceback.format_exc()})
    return answered(item, result)


def answered(item: Item, result: CheckResult) -> NetResult:
    """The item with its answer, and the exit status that goes with it."""
    status = ExitStatus.ANSWERED
    if result.verdict == "unknown":
        status = ExitStatus.UNKNOWN
    elif item.options.certificates is not None and result.certificate is None:
        status = ExitStatus.NOT_CERTIFIED
    return NetResult(net=item.net, sha256=item.sha256, options=item.options, status=status, result=result)


def lost(item: Item, end: str, /, *, killed: bool) -> NetResult:
    """The item whose process ended without an answer: ``unknown`` if it was killed from outside (as the kernel
    does where memory is short), else an internal error."""
    if killed:
        return answered(item, CheckResult(verdict="unknown", why=end))
    return _failed(item, ExitStatus.INTERNAL, f"internal error, please report it: {end}")


def _failed(item: Item, status: int, message: str, evidence: Mapping[str, Any] | None = None) -> NetResult:
    return NetResult(
        net=item.net,
        sha256=item.sha256,
        options=item.options,
        status=status,
        error=one_line(message.replace("\n", " ")),
        evidence=evidence,
    )


def _check_bytes(
    name: str, limits: Limits, channels: Channels[CheckResult], *, data: bytes, options: CheckOptions
) -> CheckResult:
    """``check_within`` on the bytes of a net file, parsed under the limits, too."""
    return check_within(load_bytes(data, name), limits, channels, options=options)
