"""What goes into a batch and what comes out of it: small, immutable, picklable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from subgrad_hardness.api.check_options import CheckOptions
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.results import CheckResult
from subgrad_hardness.api.truth import NoTruthValue
from subgrad_hardness.api.values_json import vector_json
from subgrad_hardness.net.vectors import exact_vector


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What is asked about each net of a batch: the options of ``check``, and ``certificates``, the folder where they
    go."""

    check: CheckOptions = field(default_factory=CheckOptions)
    certificates: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The options as a line of the output records them."""
        options = self.check
        return {
            "point": None
            if options.point is None
            else vector_json(exact_vector(options.point, len(options.point), "point")),
            "solver": options.solver,
            "time_limit": options.time_limit,
            "memory_limit": options.memory_limit,
            "seed": options.seed,
            "cross_checks": options.cross_checks,
            "certify": options.certify,
            "threads": options.threads,
            "certificates": self.certificates,
        }


class Item(NamedTuple):
    """One net to be decided: its name, the bytes of its file (so that any machine can do it), what is asked."""

    net: str
    sha256: str
    data: bytes
    options: Options


@dataclass(frozen=True, kw_only=True, slots=True)
class NetResult(Readable, NoTruthValue):
    """What became of one net of a batch.

    Attributes
    ----------
    net : the file's name.
    sha256 : of the file's bytes, in hex; None where it could not be read.
    options : what was asked.
    status : the exit status of ``check`` on this net: 0 answered, 2 bad input, 3 unknown, 4 answered without the
        certificate asked for, 70 internal error.
    result : the answer; None for bad input and internal errors.  Read back from an output file it has no
        ``certificate``.
    error : one line, where there is no result.
    evidence : what an internal error leaves for its report.
    certificate : the file that the certificate was written to.
    earlier : whether the output file already had it.
    """

    net: str
    sha256: str | None
    options: Options
    status: int
    result: CheckResult | None = None
    error: str | None = None
    evidence: Mapping[str, Any] | None = None
    certificate: str | None = None
    earlier: bool = False

    def __repr__(self) -> str:
        return f"<NetResult: {self.net}: {self.error if self.result is None else self.result!r}>"

    @property
    def verdict(self) -> str | None:
        """``distinct``, ``unique`` or ``unknown``; None for bad input and internal errors."""
        return None if self.result is None else self.result.verdict

    def lines(self) -> list[str]:
        """The answer for people: the net's name, and what ``check`` says of it."""
        if self.result is None:
            return [f"{self.net}: {self.error}"]
        return [f"{self.net}:", *[f"  {line}" for line in self.result.lines()]]

    def to_json(self) -> dict[str, Any]:
        """The object of this net's line in the output (docs/batch.md)."""
        head = {"net": self.net, "sha256": self.sha256, "options": self.options.to_json(), "status": self.status}
        head["version"] = 1
        if self.result is None:
            return {**head, "error": self.error, **({} if self.evidence is None else {"evidence": self.evidence})}
        return {
            **head,
            "certificate": self.certificate,
            "uncertified": self.result.uncertified,
            **self.result.to_json(),
        }
