"""The exit statuses of all commands (SPEC 3)."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """How a command ended."""

    ANSWERED = 0
    REJECTED = 1  # a certificate that proves nothing about this net
    BAD_INPUT = 2
    UNKNOWN = 3
    NOT_CERTIFIED = 4  # answered, but the certificate asked for was not obtained
    DISTINCT = 10  # on request
    UNIQUE = 20
    INTERNAL = 70
    NO_OUTPUT = 74
    INTERRUPTED = 130


#: Statuses of one net of many, the gravest first: a batch has the first that one of its nets has.
RANK = (
    ExitStatus.INTERNAL,
    ExitStatus.UNKNOWN,
    ExitStatus.BAD_INPUT,
    ExitStatus.NOT_CERTIFIED,
    ExitStatus.ANSWERED,
)
