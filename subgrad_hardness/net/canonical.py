"""The canonical form of a net, and its digest (SPEC 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.net.formats import FORMATS
from subgrad_hardness.net.forms import Form
from subgrad_hardness.net.json_writing import canonical_json
from subgrad_hardness.net.layered_format import plain_number


def plain_form(inputs: Sequence[str], form: Form, *, canonical: bool) -> dict[str, Any]:
    """A form as the keys that a net file has for it; ``canonical``: defaults filled in, everything sorted."""
    return FORMATS[form.kind].plain(form, inputs, canonical)


def digest(inputs: Sequence[str], form: Form, point: Sequence[Fraction]) -> str:
    """SHA-256 (hex) of the canonical JSON of inputs, form and point; linear in its size."""
    canonical: dict[str, Any] = {
        "version": 1,
        "inputs": list(inputs),
        "point": [plain_number(number) for number in point],
        **plain_form(inputs, form, canonical=True),
    }
    return hashlib.sha256(canonical_json(canonical).encode("utf-8")).hexdigest()
