"""Certificates of many nets, verified one after the other; what is wrong with one is its result."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.status import RANK, ExitStatus
from subgrad_hardness.api.truth import NoTruthValue
from subgrad_hardness.api.verify import VerifyResult, verify
from subgrad_hardness.batch.lines import read_line
from subgrad_hardness.batch.stream import certificate_name
from subgrad_hardness.common.errors import InputError, NetError, ParameterError
from subgrad_hardness.common.files import read_text_bytes
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike, parse_rational

#: Statuses of one certificate of many, the gravest first.
GRAVEST = (ExitStatus.INTERNAL, ExitStatus.REJECTED, *[status for status in RANK if status != ExitStatus.INTERNAL])


class Pair(NamedTuple):
    """A net and its certificate; a point of its own; why there is nothing to verify, and the status that this is."""

    net: str
    certificate: str | None
    point: Sequence[NumberLike] | None = None
    why: str | None = None
    status: int = ExitStatus.NOT_CERTIFIED


@dataclass(frozen=True, kw_only=True, slots=True)
class VerifiedNet(Readable, NoTruthValue):
    """What became of one certificate of many.

    Attributes
    ----------
    net, certificate : the files; ``certificate`` is None where there is none.
    status : the exit status that ``verify`` would have: 0 verified, 1 rejected, 2 bad input, 3 a limit was hit; 4:
        there is no certificate.
    result : what the verifier says; None for bad input, and without a certificate.
    error : one line, where there is no result.
    """

    net: str
    certificate: str | None
    status: int
    result: VerifyResult | None = None
    error: str | None = None

    def lines(self) -> list[str]:
        """One line: the net, and what the verifier says."""
        said = f"ERROR: {self.error}" if self.status == ExitStatus.BAD_INPUT else f"NO CERTIFICATE: {self.error}"
        return [f"{self.net}: {said if self.result is None else repr(self.result)}"]

    def to_json(self) -> dict[str, Any]:
        """The object of this net's line."""
        result = self.result or VerifyResult(verdict=None, reason=self.error, digest=None, limited=True)
        head = {"net": self.net, "certificate": self.certificate, "status": int(self.status)}
        return {"version": 1, **head, **result.to_json()}


def verify_pairs(
    pairs: Iterable[Pair],
    point: Sequence[NumberLike] | None = None,
    *,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> Iterator[VerifiedNet]:
    """``verify`` on each pair, with these limits for each; ``point`` for all that have none of their own.

    Raises ParameterError for a limit that makes no sense.
    """
    for pair in pairs:
        if pair.certificate is None:
            yield VerifiedNet(net=pair.net, certificate=None, status=pair.status, error=pair.why)
            continue
        try:
            result = verify(
                pair.net,
                pair.certificate,
                point if pair.point is None else pair.point,
                time_limit=time_limit,
                memory_limit=memory_limit,
            )
        except ParameterError:
            raise
        except InputError as problem:
            error = str(problem)
            yield VerifiedNet(net=pair.net, certificate=pair.certificate, status=ExitStatus.BAD_INPUT, error=error)
            continue
        status = ExitStatus.ANSWERED if result.verified else ExitStatus.REJECTED
        status = ExitStatus.UNKNOWN if result.limited else status
        yield VerifiedNet(net=pair.net, certificate=pair.certificate, status=status, result=result)


def pairs_in(
    folder: str | os.PathLike[str], nets: Iterable[str], point: Sequence[NumberLike] | None = None
) -> Iterator[Pair]:
    """The nets with their certificates in a folder of a batch (``check --certificates``), by name and digest."""
    for net in nets:
        try:
            name = certificate_name(net, load(net, point).digest)
        except InputError as problem:
            yield Pair(net, None, why=str(problem), status=ExitStatus.BAD_INPUT)
            continue
        file = Path(folder) / name
        yield Pair(net, str(file)) if file.exists() else Pair(net, None, why=f"no {file}")


def pairs_of_lines(file: str | os.PathLike[str]) -> list[Pair]:
    """The nets with their certificates in a batch's output (``check --output``), each at the point of its line.

    Raises NetError, naming the line, for what is no line of a batch.
    """
    name = "<stdin>" if file == "-" else os.fspath(file)
    pairs = []
    for number, data in enumerate(read_text_bytes(file, NetError).splitlines(), start=1):
        try:
            line = read_line(data)
            certificate = line.get("certificate")
            why = line.get("error") or line.get("uncertified") or "none was written"
            point: list[Fraction] | None = None
            if line["options"].get("point") is not None:
                point = [parse_rational(entry) for entry in line["options"]["point"]]
            if certificate is not None and not isinstance(certificate, str):
                raise ValueError("no line of a batch")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NetError("no line of a batch", file=name, place=f"line {number}") from None
        pairs.append(Pair(line["net"], certificate, point, str(why)))
    return pairs
