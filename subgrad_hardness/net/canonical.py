"""The canonical form of a net, and its digest (SPEC 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from fractions import Fraction

from subgrad_hardness.net.canonical_text import fraction_text
from subgrad_hardness.net.formats import FORMATS
from subgrad_hardness.net.forms import Form
from subgrad_hardness.net.json_writing import canonical_json


def digest(inputs: Sequence[str], form: Form, point: Sequence[Fraction]) -> str:
    """SHA-256 (hex) of the canonical JSON of inputs, form and point; linear in its size, which is never held whole."""
    texts: dict[str, Iterable[str]] = {
        "version": ["1"],
        "inputs": [canonical_json(list(inputs))],
        "point": ["[", ",".join(map(fraction_text, point)), "]"],
        **(FORMATS[form.kind].canonical(form, inputs) if form.tensors is None else form.tensors.canonical()),
    }
    total = hashlib.sha256()
    opening = "{"
    for key in sorted(texts):
        total.update(f'{opening}"{key}":'.encode())
        for piece in texts[key]:
            total.update(piece.encode("utf-8"))
        opening = ","
    total.update(b"}")
    return total.hexdigest()
