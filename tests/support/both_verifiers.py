"""A certificate before the shipped verifier and the second one, which must agree."""

from __future__ import annotations

from pathlib import Path

from subgrad_hardness import CertificateError, verify
from subgrad_hardness.net.reading import load_bytes
from support import second_verifier


def first(net: bytes, certificate: bytes, folder: Path, other: bytes | None = None) -> str:
    """What the shipped verifier says; ``other`` is the second net of a claim about two."""
    file = folder / "certificate.json"
    file.write_bytes(certificate)
    second = None if other is None else load_bytes(other, "other.json")
    try:
        return "verified" if verify(load_bytes(net, "net.json"), file, other=second).verified else "rejected"
    except CertificateError:
        return "unreadable"


def both(net: bytes, certificate: bytes, folder: Path, other: bytes | None = None) -> str:
    answers = {first(net, certificate, folder, other), second_verifier.verdict(net, certificate, other_data=other)}
    assert len(answers) == 1
    return answers.pop()
