"""Results are frozen, keyword-only dataclasses: no length, no index, no truth where a verdict could be misread."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import json
import pickle
from typing import Any

import pytest

import subgrad_hardness as sh

NET = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}

RESULTS: list[Any] = [
    sh.gradient(NET, directions=[[1]]),
    sh.sample(NET, samples=3),
    sh.info(NET),
    sh.lexicographic_subgradients(NET),
    sh.subdifferential(NET).report(facets=True, volume=True, certify=True),
    next(sh.check_many([NET])),
]


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_a_result_is_a_frozen_keyword_only_dataclass(result: Any) -> None:
    assert not isinstance(result, tuple) and not hasattr(result, "__len__") and not hasattr(result, "__getitem__")
    assert not hasattr(result, "__dict__")
    field = dataclasses.fields(result)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(result, field, None)
    kinds = {parameter.kind for parameter in inspect.signature(type(result)).parameters.values()}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}
    assert pickle.loads(pickle.dumps(result)) == result == copy.deepcopy(result)
    assert dataclasses.replace(result) == result
    assert json.loads(json.dumps(result.to_json())) == result.to_json()


def test_a_verdict_of_several_words_has_no_truth_value() -> None:
    for result in sh.check_many([NET, {"inputs": 1}]):
        with pytest.raises(TypeError, match=r"^a NetResult is neither true nor false: compare its verdict"):
            bool(result)
