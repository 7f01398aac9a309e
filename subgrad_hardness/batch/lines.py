"""The lines of a batch's output: JSON objects in UTF-8, one a net, written and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.results import Autodiff, Believed, CheckResult, CrossCheck, NearestKink
from subgrad_hardness.api.status import RANK
from subgrad_hardness.batch.item import NetResult, Options
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.derivative.lexicographic import Directions
from subgrad_hardness.net.json_text import parse_json
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.rational import parse_rational

#: Every line begins like this, and what does not is no line of ours.
START = b'{"net":'


def write_line(result: NetResult) -> bytes:
    """The line of a result, newline included; bytes in a file's name that are no UTF-8 become JSON escapes."""
    return (write_json(result.to_json()) + "\n").encode("utf-8", "backslashreplace")


def read_line(data: bytes) -> Mapping[str, Any]:
    """The object of a line.  Raises ValueError if ``data`` is none that ``write_line`` writes."""
    value = parse_json(data, "", ParameterError)
    if not data.startswith(START) or not isinstance(value, dict):
        raise ValueError("no line of a batch")
    texts = [value["net"], *([] if value["sha256"] is None else [value["sha256"]])]
    if not all(isinstance(text, str) for text in texts) or not isinstance(value["options"], dict):
        raise ValueError("no line of a batch")
    if value["status"] not in RANK or not ("verdict" in value or "error" in value):
        raise ValueError("no line of a batch")
    return value


def earlier_result(line: Mapping[str, Any], options: Options) -> NetResult:
    """The result in a line that was made with ``options``; what the line does not hold (the certificate itself) is
    None.  Raises KeyError, TypeError or ValueError for a line that was tampered with."""
    return NetResult(
        net=line["net"],
        sha256=line["sha256"],
        options=options,
        status=line["status"],
        result=check_result(line, line["uncertified"]) if "verdict" in line else None,
        error=line.get("error"),
        evidence=line.get("evidence"),
        certificate=line.get("certificate"),
        earlier=True,
    )


def check_result(report: Mapping[str, Any], uncertified: str | None = None) -> CheckResult:
    """The result whose ``to_json()`` is ``report``; more keys do not matter, ``certificate`` is None."""
    nearest, autodiff, believed, checks = (
        report[key] for key in ("nearest_kink", "autodiff", "believed", "cross_checks")
    )
    return CheckResult(
        verdict=report["verdict"],
        digest=report["digest"],
        point=None if report["point"] is None else _vector(report["point"]),
        kinks=report["kinks"],
        kink_names=None if report["kink_names"] is None else tuple(report["kink_names"]),
        nearest_kink=nearest and NearestKink(distance=parse_rational(nearest["distance"]), node=nearest["node"]),
        subgradients=None if report["subgradients"] is None else tuple(map(_matrix, report["subgradients"])),
        directions=None if report["directions"] is None else tuple(map(_directions, report["directions"])),
        statement=report.get("statement"),
        separating_direction=report["separating_direction"] and _integers(report["separating_direction"]),
        autodiff=autodiff and Autodiff(**{**autodiff, "gradient": _matrix(autodiff["gradient"])}),
        cross_checks=None if checks is None else tuple([CrossCheck(**check) for check in checks]),
        solver=report["solver"],
        effort=report.get("effort"),
        certified=report["certified"],
        believed=believed and Believed(**believed),
        seconds=float(report["seconds"]),
        why=report["why"],
        uncertified=uncertified,
    )


def _vector(entries: Sequence[str]) -> tuple[Fraction, ...]:
    return tuple(map(parse_rational, entries))


def _integers(entries: Sequence[str]) -> tuple[int, ...]:
    return tuple(parse_rational(entry).numerator for entry in entries)


def _matrix(rows: Sequence[Sequence[str]]) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(map(_vector, rows))


def _directions(value: Mapping[str, Any]) -> Directions:
    return Directions(tuple(map(_integers, value["leading"])), tuple(value["complete"]))
