"""``VerifyResult``: true only for a proof, frozen, and the same object in JSON as ever."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from subgrad_hardness import VerifyResult, check, verify

NET = {"inputs": ["x"], "nodes": [{"id": "f", "op": "abs", "args": ["x"]}], "outputs": ["f"]}


def test_only_a_proof_is_true() -> None:
    certificate = check(NET).certificate
    assert certificate is not None
    verified = verify(NET, certificate)
    rejected = verify(NET, certificate, point=[1])
    limited = verify(NET, certificate, time_limit=0)
    assert (bool(verified), bool(rejected), bool(limited)) == (True, False, False)
    assert (verified.limited, rejected.limited, limited.limited) == (False, False, True)
    assert repr(verified) == "VERIFIED distinct"
    assert repr(rejected).startswith("REJECTED: ")
    assert repr(limited).startswith("UNKNOWN: ")


def test_a_rejection_comes_back_from_a_worker_as_one() -> None:
    """A false result is no missing result."""
    certificate = check(NET).certificate
    assert certificate is not None
    here = verify(NET, certificate, point=[1])
    assert verify(NET, certificate, point=[1], time_limit=60) == here
    assert verify(NET, certificate, time_limit=60) == verify(NET, certificate)


def test_it_is_frozen_and_named() -> None:
    result = VerifyResult(verdict=None, reason="why", digest="d")
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.verdict = "unique"  # type: ignore[misc]
    with pytest.raises(TypeError):
        VerifyResult("unique", None, None)  # type: ignore[call-arg]
    assert pickle.loads(pickle.dumps(result)) == result
    assert not hasattr(result, "__dict__")


def test_json() -> None:
    rows = [
        (VerifyResult(verdict="unique", reason=None, digest="d"), True),
        (VerifyResult(verdict=None, reason="why", digest="d"), False),
        (VerifyResult(verdict=None, reason="time limit", digest=None, limited=True), None),
    ]
    for result, verified in rows:
        assert result.to_json() == {
            "version": 1,
            "verified": verified,
            "verdict": result.verdict,
            "reason": result.reason,
            "digest": result.digest,
        }
