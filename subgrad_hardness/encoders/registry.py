"""The encoders by name."""

from __future__ import annotations

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.encoders.cnf import DimacsCnf
from subgrad_hardness.encoders.cnf_bits import BitsCnf
from subgrad_hardness.encoders.cnf_circuit import CircuitCnf
from subgrad_hardness.encoders.contract import Encoder
from subgrad_hardness.encoders.lp import Lp
from subgrad_hardness.encoders.mps import Mps
from subgrad_hardness.encoders.onnx_graph import Onnx
from subgrad_hardness.encoders.smtlib import SmtLib
from subgrad_hardness.encoders.vnnlib import VnnLib
from subgrad_hardness.encoders.vnnlib1 import VnnLib1

ENCODERS: tuple[Encoder, ...] = (
    SmtLib(),
    Lp(),
    Mps(),
    DimacsCnf(),
    CircuitCnf(),
    BitsCnf(),
    Onnx(),
    VnnLib(),
    VnnLib1(),
)


def find(name: str) -> Encoder:
    """The encoder called ``name``.  Raises ParameterError."""
    for encoder in ENCODERS:
        if encoder.name == name:
            return encoder
    known = ", ".join(encoder.name for encoder in ENCODERS)
    raise ParameterError(f"unknown format {name!r}; known: {known}", place="format")
