"""A certificate before the shipped verifier and the second one, which must agree."""

from __future__ import annotations

from pathlib import Path

from subgrad_hardness import CertificateError, verify
from subgrad_hardness.net.reading import load_bytes
from support import second_verifier


def first(net: bytes, certificate: bytes, folder: Path) -> str:
    """What the shipped verifier says."""
    file = folder / "certificate.json"
    file.write_bytes(certificate)
    try:
        return "verified" if verify(load_bytes(net, "net.json"), file).verified else "rejected"
    except CertificateError:
        return "unreadable"


def both(net: bytes, certificate: bytes, folder: Path) -> str:
    answers = {first(net, certificate, folder), second_verifier.verdict(net, certificate)}
    assert len(answers) == 1
    return answers.pop()
