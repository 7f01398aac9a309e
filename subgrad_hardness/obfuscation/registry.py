"""The table of all obfuscations; a new one is one import and one entry."""

from __future__ import annotations

from subgrad_hardness.obfuscation import deepen, identity, linear, move, rescale, split, unimodular
from subgrad_hardness.obfuscation.contract import Obfuscation

OBFUSCATIONS = {
    entry.name: entry
    for entry in (
        Obfuscation(
            "unimodular",
            "the inputs changed by a random integer matrix with an integer inverse",
            unimodular.unimodular,
            unimodular.most_units,
            unimodular.changed_inputs,
        ),
        Obfuscation(
            "rescale",
            "units permuted and multiplied by positive rationals, divided out again",
            rescale.rescaled,
            rescale.most_units,
        ),
        Obfuscation(
            "identity",
            "identities such as x = relu(x) - relu(-x) on a quarter of the edges",
            identity.with_identities,
            identity.most_units,
        ),
        Obfuscation(
            "split", "half of the units split in two, or written in other words", split.split, split.most_units
        ),
        Obfuscation("move", "the point moved, with active and inactive neurons around it", move.moved, move.most_units),
        Obfuscation(
            "linear",
            "a random linear function added to every output",
            linear.with_linear,
            linear.most_units,
            linear.added_matrix,
        ),
        Obfuscation("deepen", "layers that pass values through", deepen.deepened, deepen.most_units),
    )
}
