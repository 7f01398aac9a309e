"""Certificates about the limit of an iteration: is theta a kink of xbar(theta)?  (docs/iterations-kinks.md.)

Such a file holds xbar, G, why the linearised equation has one solution, and a certificate of ``distinct`` or
``unique`` for the net N_G(d) = F(xbar + G d, theta + d).  Nothing of it is believed: F(xbar, theta) = xbar is computed,
N_G is made anew from F, xbar and G, its Jacobian in the certificate's cell has to be G, and solvability is proved
again, from the verifier's own localisation of F.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.certificate.format import Certificate, load_certificate
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.errors import CertificateError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.iterative.verifying.solvable import Rows, require_solvable
from subgrad_hardness.net.conversion import to_graph
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.json_text import Reader, parse_json
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.layered_format import plain_number
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import exact
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.net.writing import to_mapping

FORMAT = "subgrad_hardness solution map"
_KEYS = ("format", "version", "digest", "state", "parameters", "fixed_point", "jacobian", "solvable", "certificate")


class SolutionCertificate(NamedTuple):
    """The claim that theta is a kink of the limit (``certificate`` is one of ``distinct``), or that it is none.

    ``digest`` is that of F at (xbar, theta); ``norm`` and ``multipliers`` are None where determinants are the proof.
    """

    digest: str
    state: tuple[str, ...]
    parameters: tuple[str, ...]
    fixed_point: tuple[Fraction, ...]
    jacobian: Rows
    norm: Rows | None
    multipliers: tuple[Fraction, ...] | None
    certificate: Certificate

    def to_json(self) -> dict[str, Any]:
        """The object that the file holds."""
        solvable: dict[str, Any] = {"by": "determinants"}
        if self.norm is not None:
            solvable = {
                "by": "norm",
                "matrix": [[plain_number(entry) for entry in row] for row in self.norm],
                "multipliers": [plain_number(entry) for entry in self.multipliers or ()],
            }
        return {
            "format": FORMAT,
            "version": 1,
            "digest": self.digest,
            "state": list(self.state),
            "parameters": list(self.parameters),
            "fixed_point": [plain_number(entry) for entry in self.fixed_point],
            "jacobian": [[plain_number(entry) for entry in row] for row in self.jacobian],
            "solvable": solvable,
            "certificate": self.certificate.to_json(),
        }

    def dumps(self) -> str:
        """The text of the file."""
        return write_json(self.to_json(), indent=1) + "\n"


#: What a solution certificate is given as.
SolutionLike = SolutionCertificate | Mapping[str, Any] | str | os.PathLike[str]


def load_solution_certificate(source: SolutionLike) -> SolutionCertificate:
    """From a file, ``"-"`` for standard input, parsed JSON, or an object, which is read as it would be written.

    Raises CertificateError with the place.
    """
    if isinstance(source, str | os.PathLike):
        file = "<stdin>" if source == "-" else os.fspath(source)
        return parsed_solution_certificate(read_bytes(source, CertificateError), file)
    try:
        data = write_json(source.to_json() if isinstance(source, SolutionCertificate) else dict(source)).encode()
    except (ValueError, TypeError, AttributeError) as problem:
        raise CertificateError(f"cannot be written as JSON: {problem}", file="<certificate>") from None
    return parsed_solution_certificate(data, "<certificate>")


def parsed_solution_certificate(text: bytes, file: str) -> SolutionCertificate:
    """From the bytes of a file.  Raises CertificateError with the place."""
    value = parse_json(text, file, CertificateError)
    reader = Reader(file, CertificateError)
    data = reader.mapping(value, "", frozenset(_KEYS), "a certificate object")
    for key in _KEYS:
        if key not in data:
            reader.fail("", f"no {key}")
    if data["format"] != FORMAT or data["version"] != 1 or isinstance(data["version"], bool):
        reader.fail("format", f"not a {FORMAT!r} of version 1")
    solvable = reader.mapping(data["solvable"], "solvable", frozenset({"by", "matrix", "multipliers"}), "an object")
    by = reader.text(solvable.get("by"), "solvable.by", "determinants or norm")
    if set(solvable) != ({"by"} if by == "determinants" else {"by", "matrix", "multipliers"}):
        reader.fail("solvable", "by determinants alone, or by norm with matrix and multipliers")
    inner = load_certificate(data["certificate"]) if isinstance(data["certificate"], Mapping) else None
    if not isinstance(inner, Certificate):
        reader.fail("certificate", "not a certificate of distinct or unique")
    return SolutionCertificate(
        reader.text(data["digest"], "digest", "64 hex digits"),
        _names(reader, data["state"], "state"),
        _names(reader, data["parameters"], "parameters"),
        _vector(reader, data["fixed_point"], "fixed_point"),
        _rows(reader, data["jacobian"], "jacobian"),
        _rows(reader, solvable["matrix"], "solvable.matrix") if by == "norm" else None,
        _vector(reader, solvable["multipliers"], "solvable.multipliers") if by == "norm" else None,
        inner,
    )


def _names(reader: Reader, value: Any, place: str) -> tuple[str, ...]:
    names = reader.sequence(value, place, "a list of names")
    return tuple([reader.text(name, f"{place}[{index}]", "a name") for index, name in enumerate(names)])


def _vector(reader: Reader, value: Any, place: str) -> tuple[Fraction, ...]:
    entries = reader.sequence(value, place, "a list of numbers")
    return tuple([exact(reader.number(entry, f"{place}[{index}]")) for index, entry in enumerate(entries)])


def _rows(reader: Reader, value: Any, place: str) -> Rows:
    rows = reader.sequence(value, place, "a list of rows")
    return tuple([_vector(reader, row, f"{place}[{index}]") for index, row in enumerate(rows)])


def verify_solution_map(
    program: Program, state: Sequence[str], parameters: Sequence[str], claim: SolutionCertificate
) -> str:
    """``kink`` or ``smooth``, where ``claim`` proves it for F = ``program`` at (xbar, theta).  Raises Rejected.

    What the certificate of N_G costs, and 2^kinks determinants or one elimination.
    """
    if claim.digest != program.digest:
        raise Rejected("the certificate is for another iteration, parameter or fixed point (the digests differ)")
    if claim.state != tuple(state) or claim.parameters != tuple(parameters):
        raise Rejected("the certificate is for other states or parameters")
    at = dict(zip(program.inputs, program.point, strict=True))
    if claim.fixed_point != tuple([at[name] for name in state]):
        raise Rejected("the certificate is for another fixed point")
    if value(program) != claim.fixed_point:
        raise Rejected("F(xbar, theta) is not xbar")
    if [len(row) for row in claim.jacobian] != [len(parameters)] * len(state):
        raise Rejected("the Jacobian does not have a row for each state and a column for each parameter")
    require_solvable(program, state, claim.norm, claim.multipliers)
    net = _net(program, state, parameters, claim)
    verdict = verify_certificate(net, claim.certificate)
    local = Localised(net)
    cells = map(local.branches, claim.certificate.directions)
    if not any(_jacobian(net, local, branches) == claim.jacobian for branches in cells):
        raise Rejected("G is not the Jacobian of N_G in the cell that the directions enter")
    return "kink" if verdict == "distinct" else "smooth"


def _net(program: Program, state: Sequence[str], parameters: Sequence[str], claim: SolutionCertificate) -> Program:
    """N_G as a file would have it: F's graph, each node called ``F.`` and its name, behind the rows of its inputs."""
    graph = to_mapping(to_graph(program))
    theta = dict(zip(program.inputs, program.point, strict=True))
    inputs, nodes, called = [f"d.{name}" for name in parameters], [], {}
    for name, start, row in zip(state, claim.fixed_point, claim.jacobian, strict=True):
        called[name] = f"state.{name}"
        read = [(inputs[index], entry) for index, entry in enumerate(row) if entry]
        nodes.append(_affine(called[name], [name for name, _ in read], [entry for _, entry in read], start))
    for index, name in enumerate(parameters):
        called[name] = f"parameter.{name}"
        nodes.append(_affine(called[name], [inputs[index]], [Fraction(1)], theta[name]))
    called |= {node["id"]: f"F.{node['id']}" for node in graph["nodes"]}
    for node in graph["nodes"]:
        nodes.append({**node, "id": called[node["id"]], "args": [called[name] for name in node["args"]]})
    outputs = [called[name] for name in graph["outputs"]]
    return program_from({"inputs": inputs, "nodes": nodes, "outputs": outputs}, "<N_G>")


def _affine(name: str, arguments: list[str], entries: Sequence[Fraction], bias: Fraction) -> dict[str, Any]:
    coefficients = [plain_number(entry) for entry in entries]
    return {"id": name, "op": "affine", "args": arguments, "coefficients": coefficients, "bias": plain_number(bias)}


def _jacobian(net: Program, local: Localised, branches: Mapping[int, bool]) -> Rows:
    rows = []
    for output in net.tangent.outputs:
        gradient = local.gradient(output, branches)
        scale = local.scales[output]
        rows.append(tuple([Fraction(gradient.get(index, 0), scale) for index in range(net.input_count)]))
    return tuple(rows)
