"""The true certificates that engines wrote: which net, which engine, and by which route; and some written by hand."""

from __future__ import annotations

from typing import NamedTuple

from corpus.by_hand import BY_HAND


class Proof(NamedTuple):
    """A certificate, the net it is about, the engine that finds it (empty: ``by_hand`` has it), and what it shows."""

    name: str
    net: str
    solver: str
    route: str


_DISTINCT = """
abs relu leaky leaky-layer hardtanh-corner relu6-corner max3 sat median outputs-one groups-left needle trap
around-bent away third one-sided concave minus-linear difference nested norms-weight norms-op norms-output
unsat-open lattice-open signs-open bend-up-open bend-elsewhere family-lattice-moved family-maxcut-cut
product-fold product-folds square-layers
"""

#: No clauses: the normal form is linear, or there is nothing to show.
_ALGEBRAIC = {
    "no kinks": "relu-off linear constant input-out hardtanh-inside away-off third-double",
    "kinks that do not matter": "dead cancels chain",
    "equal and opposite kinks": """
        identity leaky-twin relu6-twin max-min outputs groups copies huge around blocked names norms-point
        family-copies
        """,
    "forms that bend like an atom": "bend-up bend-down bend-both bend-none bend-like-it",
    "tangents of smooth operations": "product quotient powers square-fold squares product-smooth",
    "sign facts": "lattice-halves signs sign-up tower deep needle-shut family-lattice family-thincone",
}

#: Engine -> nets for which its proof has clauses.
_ARGUED = {
    "circuit": "norms norms-layered unsat median-twice lattice outputs-three blocks family-3sat",
    "phase": """
        norms norms-layered unsat median-twice lattice outputs-three blocks family-3sat-layers3 family-zonotope
        family-maxcut
        """,
    "thresholds": "norms median-twice lattice max-ways square-ways sums-ways blocks family-zonotope",
}

_ROUTES = {
    "circuit": "relu rules, Gordan lemmas, a SAT solver's derivation",
    "phase": "lemmas with phases and Farkas multipliers, a SAT solver's derivation",
    "thresholds": "forms split at thresholds, relu rules, Gordan lemmas, a SAT solver's derivation",
}

#: One hidden layer of kinks, decided by the engine for it; the proof is algebraic.
_LAYER = ("groups", "copies", "identity")


def _all() -> list[Proof]:
    proofs = [Proof(net, net, "auto", "two direction matrices") for net in _DISTINCT.split()]
    for route, nets in _ALGEBRAIC.items():
        proofs += [Proof(net, net, "layer" if net in _LAYER else "circuit", route) for net in nets.split()]
    for solver, nets in _ARGUED.items():
        proofs += [Proof(f"{net}-{solver}", net, solver, _ROUTES[solver]) for net in nets.split()]
    proofs += [Proof(name, hand.net, "", hand.route) for name, hand in BY_HAND.items()]
    return proofs


PROOFS = {proof.name: proof for proof in _all()}
