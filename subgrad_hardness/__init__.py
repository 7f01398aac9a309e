"""Decide, exactly and with proof, whether a ReLU network has two distinct Clarke subgradients.

>>> import subgrad_hardness
>>> subgrad_hardness.check({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}).verdict
'distinct'

Every public name below is imported when it is first used, so that a small check loads little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from subgrad_hardness.batch.item import NetResult as NetResult
    from subgrad_hardness.batch.names import find_nets as find_nets
    from subgrad_hardness.batch.stream import check_many as check_many
    from subgrad_hardness.checking import check as check
    from subgrad_hardness.encoders.answering import decode as decode
    from subgrad_hardness.encoders.asking import encode as encode
    from subgrad_hardness.encoders.contract import AnswerError as AnswerError
    from subgrad_hardness.encoders.contract import EncodingError as EncodingError
    from subgrad_hardness.enumerating import PiecesResult as PiecesResult
    from subgrad_hardness.enumerating import lexicographic_subgradients as lexicographic_subgradients
    from subgrad_hardness.generating import families as families
    from subgrad_hardness.generating import generate as generate
    from subgrad_hardness.gradients import GradientResult as GradientResult
    from subgrad_hardness.gradients import gradient as gradient
    from subgrad_hardness.graphs import to_networkx as to_networkx
    from subgrad_hardness.inspecting import NetInfo as NetInfo
    from subgrad_hardness.inspecting import info as info
    from subgrad_hardness.net.conversion import to_graph as to_graph
    from subgrad_hardness.net.conversion import to_layers as to_layers
    from subgrad_hardness.net.errors import CertificateError as CertificateError
    from subgrad_hardness.net.errors import NetError as NetError
    from subgrad_hardness.net.errors import ParameterError as ParameterError
    from subgrad_hardness.net.errors import PointError as PointError
    from subgrad_hardness.net.program import Program as Program
    from subgrad_hardness.net.reading import load as load
    from subgrad_hardness.net.writing import dumps as dumps
    from subgrad_hardness.obfuscating import carry_back as carry_back
    from subgrad_hardness.obfuscating import carry_forward as carry_forward
    from subgrad_hardness.obfuscating import carry_subgradient_back as carry_subgradient_back
    from subgrad_hardness.obfuscating import carry_subgradient_forward as carry_subgradient_forward
    from subgrad_hardness.obfuscating import obfuscate as obfuscate
    from subgrad_hardness.plotting.pictures import plot_fan as plot_fan
    from subgrad_hardness.plotting.pictures import plot_scaling as plot_scaling
    from subgrad_hardness.plotting.pictures import plot_transition as plot_transition
    from subgrad_hardness.pointwise import clarke_subgradient as clarke_subgradient
    from subgrad_hardness.pointwise import directional_derivative as directional_derivative
    from subgrad_hardness.pointwise import lexicographic_derivative as lexicographic_derivative
    from subgrad_hardness.pointwise import value as value
    from subgrad_hardness.results import CheckResult as CheckResult
    from subgrad_hardness.sampling import SampleResult as SampleResult
    from subgrad_hardness.sampling import sample as sample
    from subgrad_hardness.verifying import VerifyResult as VerifyResult
    from subgrad_hardness.verifying import verify as verify

_HOMES = {
    "check": "checking",
    "CheckResult": "results",
    "check_many": "batch.stream",
    "find_nets": "batch.names",
    "NetResult": "batch.item",
    "verify": "verifying",
    "VerifyResult": "verifying",
    "gradient": "gradients",
    "GradientResult": "gradients",
    "sample": "sampling",
    "SampleResult": "sampling",
    "info": "inspecting",
    "NetInfo": "inspecting",
    "generate": "generating",
    "families": "generating",
    "encode": "encoders.asking",
    "decode": "encoders.answering",
    "EncodingError": "encoders.contract",
    "AnswerError": "encoders.contract",
    "to_networkx": "graphs",
    "obfuscate": "obfuscating",
    "carry_back": "obfuscating",
    "carry_forward": "obfuscating",
    "carry_subgradient_back": "obfuscating",
    "carry_subgradient_forward": "obfuscating",
    "plot_fan": "plotting.pictures",
    "plot_transition": "plotting.pictures",
    "plot_scaling": "plotting.pictures",
    "value": "pointwise",
    "directional_derivative": "pointwise",
    "lexicographic_derivative": "pointwise",
    "clarke_subgradient": "pointwise",
    "lexicographic_subgradients": "enumerating",
    "PiecesResult": "enumerating",
    "Program": "net.program",
    "load": "net.reading",
    "dumps": "net.writing",
    "to_graph": "net.conversion",
    "to_layers": "net.conversion",
    "NetError": "net.errors",
    "PointError": "net.errors",
    "ParameterError": "net.errors",
    "CertificateError": "net.errors",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
