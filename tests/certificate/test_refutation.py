"""``unique`` certificates: every check of the verifier has an argument that only it rejects."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from support.conformance import CASES, graph
from support.paths import ROOT

from subgrad_hardness import CertificateError, check, load, verify

PAGE = (ROOT / "docs" / "certificate.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(part.split("```")[0]) for part in PAGE.split("```json\n")[1:]]
#: |x| + |y| - max(|x + y|, |x - y|), and the argument that the document explains.
NORMS, CERTIFICATE = BLOCKS[2], BLOCKS[3]
#: Four clauses on two variables; its circuit.
UNSATISFIABLE = next(case.net for case in CASES if case.name == "unsatisfiable")
#: A kink of one sign: relu(-|x| - |y|).
SIGNED = next(case.net for case in CASES if case.name == "nonpositive inside a relu")


def certificate(net: dict[str, Any], solver: str) -> dict[str, Any]:
    result = check(net, solver=solver, certify=True)
    assert result.certificate is not None
    return result.certificate.to_json()


CIRCUIT = certificate(UNSATISFIABLE, "circuit")
SIGN = certificate(SIGNED, "circuit")


def put(*path: str | int, value: Any) -> Callable[[Any], None]:
    """Set the place at ``path``."""

    def mutate(claim: Any) -> None:
        for step in path[:-1]:
            claim = claim[step]
        claim[path[-1]] = value

    return mutate


def cut(*path: str | int) -> Callable[[Any], None]:
    """Delete the place at ``path``."""

    def mutate(claim: Any) -> None:
        for step in path[:-1]:
            claim = claim[step]
        del claim[path[-1]]

    return mutate


def reason(net: dict[str, Any], claim: dict[str, Any], mutate: Callable[[Any], None]) -> str:
    changed = copy.deepcopy(claim)
    mutate(changed)
    result = verify(net, changed)
    assert result.verdict is None
    return result.reason or ""


def test_the_good_ones() -> None:
    for net, claim in ((NORMS, CERTIFICATE), (UNSATISFIABLE, CIRCUIT), (SIGNED, SIGN)):
        assert verify(net, claim).verdict == "unique"
    assert CIRCUIT["rules"] and not CIRCUIT["lemmas"]
    assert SIGN["signs"]


def test_the_tool_writes_what_the_document_shows() -> None:
    assert certificate(NORMS, "phase") == CERTIFICATE


@pytest.mark.parametrize(
    ("mutate", "words"),
    [
        (put("kinks", 0, value=9), r"kinks\[0\]: relu 9 is no kink"),
        (put("kinks", 0, value=-1), r"kinks\[0\]: relu -1 is no kink"),
        (put("kinks", 8, value=0), r"kinks\[8\]: kink 0 is listed twice"),
        (put("kinks", value=[4, 0, 1, 2, 3, 5, 6, 7, 8]), "which is not listed before it"),
        (cut("kinks", 8), "which is not listed before it"),
        (put("signs", value=[{"kink": 9, "sign": 1, "generators": []}]), "kink 9 is not listed"),
        (put("signs", value=[{"kink": 4, "sign": 1, "generators": [0, 0, 1]}]), "do not give the form of kink 4"),
        (put("signs", value=[{"kink": 4, "sign": 1, "generators": []}]), "do not give the form of kink 4"),
        (put("half", value=[]), "half: not a nonzero form"),
        (put("half", value=[0, 0]), "half: not a nonzero form"),
        (put("half", value=[2, 1]), "half: not a nonzero form"),
        (put("half", value=[-1, 1]), "half: not a nonzero form"),
        (put("forms", 0, value=[]), r"forms\[0\] is zero"),
        (put("forms", 0, value=[0, 1, 0, -1]), r"forms\[0\] is zero"),
        (put("forms", 0, value=[7, 1]), r"forms\[0\] is zero, or names a variable"),
        (put("forms", 0, value=[-1, 1]), r"forms\[0\] is zero, or names a variable"),
        (put("rules", value=[[8, 0]]), r"rules\[0\] names literal 8, there are 7"),
        (put("rules", value=[[0, 0]]), r"rules\[0\] names literal 0"),
        (put("rules", value=[[-1, 0]]), r"rules\[0\] uses the relu rule on a negation"),
        (put("rules", value=[[1, 3]]), r"rules\[0\] uses the relu rule on atom 3, which the form does not have"),
        (put("rules", value=[[1, 5]]), r"rules\[0\] uses the relu rule on atom 5"),
        (put("rules", value=[[6, -1]]), r"rules\[0\] uses the relu rule on atom -1"),
        (put("lemmas", 0, "clause", 0, value=8), r"lemmas\[0\] names literal 8"),
        (put("lemmas", 0, "clause", 0, value=0), r"lemmas\[0\] names literal 0"),
        (put("lemmas", 0, "multipliers", value=[1, 0]), r"lemmas\[0\] has 2 multipliers for 3 literals"),
        (put("lemmas", 0, "multipliers", value=[1, 0, 0, 0]), r"lemmas\[0\] has 4 multipliers for 3 literals"),
        (put("lemmas", 0, "multipliers", 1, value=-1), r"lemmas\[0\] has a negative multiplier"),
        (put("lemmas", 0, "generators", 2, value=-1), r"lemmas\[0\] has a negative multiplier"),
        (put("lemmas", 0, "generators", 2, value=2), r"lemmas\[0\] does not sum to zero"),
        (put("lemmas", 0, "multipliers", 0, value=2), r"lemmas\[0\] does not sum to zero"),
        (put("lemmas", 0, "multipliers", 1, value=1), r"lemmas\[0\] does not sum to zero"),
        (put("lemmas", 0, "generators", 1, value=0), r"lemmas\[0\] does not sum to zero"),
        (put("lemmas", 0, "generators", 0, value=5), r"lemmas\[0\] names atom 5, there are 5"),
        (put("lemmas", 0, "generators", 0, value=-1), r"lemmas\[0\] names atom -1"),
        (put("lemmas", 0, "clause", 1, value=3), r"lemmas\[0\] takes atom 1 to pass"),
        (put("lemmas", 0, "clause", 2, value=-4), r"lemmas\[0\] takes atom 0 to block"),
        (put("lemmas", 0, value={"clause": [], "multipliers": [], "generators": []}), r"lemmas\[0\] has no strict row"),
        (
            put("lemmas", 0, value={"clause": [-1, -3, 4], "multipliers": [0, 0, 0], "generators": []}),
            r"lemmas\[0\] has no strict row",
        ),
        (  # a form over kinks may vanish on an open set: its negation is not strict
            put("lemmas", 0, value={"clause": [1, 2], "multipliers": [1, 1], "generators": []}),
            r"lemmas\[0\] has no strict row",
        ),
        (put("derivation", 0, value=[-8, 0, 2]), r"derivation\[0\] names literal -8"),
        (put("derivation", 0, value=[-1, 0, 2, 3, 10]), r"derivation\[0\] has the hint 10; .* are 1 to 9"),
        (put("derivation", 0, value=[-1, 0, 2, 3, 11]), r"derivation\[0\] has the hint 11"),
        (put("derivation", 0, value=[-1, 0, 0, 2, 3, 4]), r"derivation\[0\] has the hint 0"),
        (put("derivation", 0, value=[-1, 0, -2, 3, 4]), r"derivation\[0\] has the hint -2"),
        (put("derivation", 0, value=[-1, 0, 3, 2, 4]), r"derivation\[0\]: its hint 3 leaves 2 literals"),
        (put("derivation", 0, value=[-1, 0, 2, 3, 4, 4]), r"derivation\[0\]: its hint 4 leaves 0 literals"),
        (put("derivation", 0, value=[-1, 0, 2, 3]), r"derivation\[0\]: its hints do not end"),
        (put("derivation", 0, value=[-1, 0]), r"derivation\[0\]: its hints do not end"),
        (put("derivation", 0, value=[0, 2, 3, 4]), r"derivation\[0\]: its hint 3 leaves 2 literals"),
        (cut("derivation", 5), "the empty clause is not derived"),
        (put("derivation", value=[]), "the empty clause is not derived"),
    ],
)
def test_false_arguments(mutate: Callable[[Any], None], words: str) -> None:
    assert re.search(words, reason(NORMS, CERTIFICATE, mutate))


@pytest.mark.parametrize("number", range(len(CERTIFICATE["lemmas"])))
def test_every_lemma_is_needed(number: int) -> None:
    assert reason(NORMS, CERTIFICATE, cut("lemmas", number))


@pytest.mark.parametrize("number", range(len(CIRCUIT["rules"])))
def test_every_rule_is_needed(number: int) -> None:
    assert reason(UNSATISFIABLE, CIRCUIT, cut("rules", number))


@pytest.mark.parametrize(
    ("mutate", "words"),
    [
        (cut("signs", 0), "not listed|not derived|names"),
        (put("signs", 0, "sign", value=1), "do not give the form"),
        (put("signs", 0, "generators", 1, value=2), "has a generator that is none"),
        (put("signs", 0, "generators", 0, value=7), "has a generator that is none"),
        (put("signs", 0, "generators", 0, value=-1), "has a generator that is none"),
        (put("signs", 0, "generators", 2, value=-1), "has a generator that is none"),
        (put("signs", 0, "generators", 2, value=10**30), "do not give the form"),
    ],
)
def test_false_signs(mutate: Callable[[Any], None], words: str) -> None:
    assert re.search(words, reason(SIGNED, SIGN, mutate))


def test_a_sign_whose_generators_come_later() -> None:
    """a - w of an atom that is only introduced afterwards is no reason yet."""
    late = {**SIGN, "kinks": [SIGN["signs"][0]["kink"], *(k for k in SIGN["kinks"] if k != SIGN["signs"][0]["kink"])]}
    assert "not listed before" in reason(SIGNED, late, lambda claim: None)


def test_half_needs_symmetry() -> None:
    """relu(x) - relu(2 x) / 2 and one asymmetric kink: the objectives at -d are others."""
    net = graph("x y", "a = relu x; s = x - 2 y; b = relu s; t = a + b; c = relu t; f = c - a - b", "f")
    claim = certificate(net, "circuit")
    assert claim["half"] is None
    assert verify(net, claim).verified
    net = graph("x y", "a = relu x; s = a - y; b = relu s; n = -1 s; c = relu n; f = b + c; g = relu y; h = f - g", "h")
    result = check(net, certify=True)
    assert result.verdict == "distinct"


def test_a_forged_half() -> None:
    """F = relu(x): "x < 0 without loss of generality" would make it unique."""
    net = graph("x", "f = relu x", "f")
    claim = {
        **CERTIFICATE,
        "digest": load(net).digest,
        "directions": [{"leading": [[-1]], "complete": []}],
        "kinks": [0],
        "half": [0, -1],
        "forms": [],
        "lemmas": [
            {"clause": [-1, 3], "multipliers": [1, 0], "generators": [0, 3, 1]},
            {"clause": [-2], "multipliers": [1], "generators": [0, 0, 1]},
        ],
        "derivation": [[0, 2, 3, 4, 1]],
    }
    assert reason(net, claim, lambda claim: None) == "half: the objectives are not seen to be the same at -d"
    assert reason(net, {**claim, "half": None}, lambda claim: None)


def test_a_half_where_the_other_side_is_not_known() -> None:
    """relu(relu(x) - relu(y)) at -d is relu(relu(x) - x - relu(y) + y), which is no atom."""
    net = graph("x y", "a = relu x; b = relu y; c = a - b; r = relu c; m = b - a; s = relu m; f = r - s - a + b", "f")
    claim = certificate(net, "circuit")
    assert verify(net, claim).verified
    deep = graph("x y", "a = relu x; b = relu y; c = a - b; r = relu c", "r")
    forged = {**CERTIFICATE, "digest": load(deep).digest, "kinks": [0, 1, 2], "directions": claim["directions"]}
    assert "half: the objectives" in reason(deep, forged, lambda claim: None)


def test_a_half_where_an_atom_rests_on_one_that_is_not_known() -> None:
    """Were relu(u + x) taken for 0 at -d, both objectives would look symmetric."""
    deep = copy.deepcopy(NORMS)
    deep["nodes"] += [
        {"id": "rx", "op": "relu", "args": ["x"]},
        {"id": "ry", "op": "relu", "args": ["y"]},
        {"id": "t", "op": "affine", "args": ["rx", "ry"], "coefficients": [1, -2]},
        {"id": "u", "op": "relu", "args": ["t"]},
        {"id": "uu", "op": "affine", "args": ["u", "x"]},
        {"id": "v", "op": "relu", "args": ["uu"]},
        {"id": "h", "op": "affine", "args": ["f", "v"]},
    ]
    deep["outputs"] = ["f", "h"]
    forged = {**CERTIFICATE, "digest": load(deep).digest, "kinks": [*CERTIFICATE["kinks"], 9, 10, 11, 12]}
    assert reason(deep, forged, lambda claim: None) == "half: the objectives are not seen to be the same at -d"


def test_a_relu_that_is_no_kink_at_the_point() -> None:
    net = graph("x", "t = x + 1; a = relu t; m = -1 x; r = relu x; q = relu m; f = a + r - q", "f")
    claim = certificate(net, "circuit")
    assert verify(net, claim).verified
    assert 0 not in claim["kinks"]
    listed = {**claim, "kinks": [0, *claim["kinks"]]}
    assert reason(net, listed, lambda claim: None) == "kinks[0]: relu 0 is no kink at the point"


def test_a_positive_coefficient_gives_one_clause() -> None:
    """F = relu(x): from a > 0 follows 0 > 0 or x > 0, and not both."""
    net = graph("x", "f = relu x", "f")
    claim = {
        **CERTIFICATE,
        "digest": load(net).digest,
        "directions": [{"leading": [[-1]], "complete": []}],
        "kinks": [0],
        "half": None,
        "forms": [],
        "rules": [[1, 0], [2, 0]],
        "lemmas": [],
    }
    for hints in ([2, 3, 1], [2, 4, 1], [3, 2, 1], [4, 2, 1]):
        assert reason(net, {**claim, "derivation": [[0, *hints]]}, lambda claim: None)


def test_kinks_that_cancel_need_not_be_listed() -> None:
    net = graph("x y", "r = relu y; z = r - r; n = -1 x; a = relu x; b = relu n; f = z + a - b", "f")
    claim = certificate(net, "circuit")
    assert len(claim["kinks"]) == 2
    assert verify(net, claim).verified
    blocked = graph("x", "a = relu x; b = a - 1; c = relu b; d = relu c; m = -1 x; n = relu m; f = a - n + d", "f")
    claim = certificate(blocked, "circuit")
    assert verify(blocked, claim).verified


def test_strictness_is_for_forms_in_the_inputs_alone() -> None:
    """SPEC 4's trap: taking "not z > 0" as "-z > 0" for z over kinks would lose all witnesses."""
    trap = next(case.net for case in CASES if case.name == "trap")
    assert check(trap).verdict == "distinct"
    for solver in ("circuit", "phase"):
        assert check(trap, solver=solver).verdict == "distinct"


def test_another_net() -> None:
    moved = copy.deepcopy(NORMS)
    moved["nodes"][3]["coefficients"] = [1, -2]
    assert "another net" in reason(moved, CERTIFICATE, lambda claim: None)
    forged = {**CERTIFICATE, "digest": load(moved).digest}
    assert reason(moved, forged, lambda claim: None)
    flat = {**NORMS, "outputs": ["f", "a"]}
    assert reason(flat, {**CERTIFICATE, "digest": load(flat).digest}, lambda claim: None)


@pytest.mark.parametrize(
    ("mutate", "words"),
    [
        *((cut(key), f"no {key}") for key in ("kinks", "signs", "half", "forms", "rules", "lemmas", "derivation")),
        (put("directions", value=[*CERTIFICATE["directions"]] * 2), "directions: 2 entries, expected 1"),
        (put("kinks", 0, value="0"), r'kinks\[0\]: the string "0", expected an integer'),
        (put("kinks", 0, value=True), r"kinks\[0\]: true, expected an integer"),
        (put("kinks", 0, value=1.0), r"kinks\[0\]: the number 1.0, expected an integer"),
        (put("kinks", value={}), "kinks: an object, expected a list of integers"),
        (put("half", value=[1]), "half: 1 entries, expected a multiple of 2"),
        (put("half", value="y"), "half: "),
        (put("forms", 0, value=[0, 1, 2]), r"forms\[0\]: 3 entries, expected a multiple of 2"),
        (put("rules", value=[[1]]), r"rules\[0\]: 1 entries, expected a literal and an atom"),
        (put("rules", value=[[1, 2, 3]]), r"rules\[0\]: 3 entries"),
        (put("signs", value=[{"kink": 4, "sign": 0, "generators": []}]), r"signs\[0\].sign: 0, expected 1 or -1"),
        (put("signs", value=[{"kink": 4, "sign": 1}]), r"signs\[0\]: no generators"),
        (put("signs", value=[[4, 1]]), r"signs\[0\]: a list, expected an object"),
        (put("lemmas", 0, "generators", 1, value=4), r"lemmas\[0\].generators\[1\]: 4 is outside 0..3"),
        (put("lemmas", 0, "generators", 1, value=-1), r"lemmas\[0\].generators\[1\]: -1 is outside 0..3"),
        (put("lemmas", 0, "generators", value=[1, 2]), r"lemmas\[0\].generators: 2 entries, expected a multiple of 3"),
        (put("lemmas", 0, "note", value=1), r'lemmas\[0\]: unknown key "note"'),
        (cut("lemmas", 0, "clause"), r"lemmas\[0\]: no clause"),
        (put("derivation", 0, value=[1, 2]), r"derivation\[0\]: no 0 between the clause and its hints"),
        (put("derivation", 0, 1, value=None), r"derivation\[0\]\[1\]: null, expected an integer"),
        (put("derivation", value=None), "derivation: null, expected a list"),
    ],
)
def test_unreadable_arguments(mutate: Callable[[Any], None], words: str) -> None:
    claim = copy.deepcopy(CERTIFICATE)
    mutate(claim)
    with pytest.raises(CertificateError, match=words):
        verify(NORMS, claim)


@pytest.mark.parametrize(
    "mutate",
    [
        put("forms", 0, value=[0, 7, 0, -4]),
        put("lemmas", 0, "multipliers", value=[3, 0, 0]),
        put("signs", value=[]),
        lambda claim: claim["derivation"].append([-1, 0, 2, 3, 4]),
    ],
)
def test_harmless_changes(mutate: Callable[[Any], None]) -> None:
    claim = copy.deepcopy(CERTIFICATE)
    mutate(claim)
    if claim["lemmas"][0]["multipliers"] == [3, 0, 0]:
        generators = claim["lemmas"][0]["generators"]
        generators[2::3] = [3 * entry for entry in generators[2::3]]
    assert verify(NORMS, claim).verified
