"""What every command that checks a certificate does around the check."""

from __future__ import annotations

from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.api.verify import VerifyResult
from subgrad_hardness.cli.output import show
from subgrad_hardness.common.errors import ParameterError


def one_standard_input(names: str, *files: str | None) -> None:
    """Refuse two files that both are standard input.  Raises ParameterError."""
    if files.count("-") > 1:
        raise ParameterError(f"only one of {names} can be standard input", place="-")


def said(result: VerifyResult, *, as_json: bool) -> int:
    """Print VERIFIED (exit 0), REJECTED with the reason (exit 1), or UNKNOWN where a limit was hit (exit 3)."""
    show(result, as_json=as_json)
    if result.limited:
        return ExitStatus.UNKNOWN
    return ExitStatus.ANSWERED if result.verified else ExitStatus.REJECTED
