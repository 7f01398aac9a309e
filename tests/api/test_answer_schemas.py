"""Every object that a command prints against its schema: the answer passes; with a key less or more it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support.cli_runner import ABS, UNIQUE, WEDGE

import subgrad_hardness as sh
from subgrad_hardness.batch.verifying import Pair, verify_pairs
from subgrad_hardness.cli.main import COMMANDS
from subgrad_hardness.schemas import NAMES, schema

ITERATION = {
    "version": 2,
    "inputs": ["x", "t"],
    "nodes": [
        {"id": "r", "op": "relu", "args": ["t"]},
        {"id": "f", "op": "affine", "args": ["x", "r"], "coefficients": ["1/2", 1]},
    ],
    "outputs": ["f"],
    "iteration": {"state": ["x"]},
}

#: Schema -> answers of that kind, as different as they come cheaply.
ANSWERS: dict[str, list[Callable[[], Any]]] = {
    "report": [lambda: sh.check(ABS)],
    "batch": [lambda: next(sh.check_many(["no such file"])), lambda: next(sh.check_many([ABS]))],
    "verify": [lambda: sh.verify(ABS, sh.check(ABS).certificate or {})],
    "verified": [lambda: next(verify_pairs([Pair(ABS, None, why="none")]))],
    "gradient": [lambda: sh.gradient(WEDGE, directions=[[1, 0]]), lambda: sh.gradient(UNIQUE)],
    "sample": [lambda: sh.sample(ABS, samples=3, method="exact"), lambda: sh.sample(ABS, samples=3, method="ball")],
    "subdifferential": [
        lambda: sh.subdifferential(WEDGE).report(facets=True, volume=True),
        lambda: sh.subdifferential(WEDGE).report(count_only=True),
    ],
    "contains": [lambda: sh.contains(ABS, [2], near=True), lambda: sh.contains(ABS, [0], which="lexicographic")],
    "audit": [lambda: sh.audit(ABS, [0])],
    "census": [lambda: sh.census(ABS, [[0], [1]])],
    "support": [lambda: sh.support(WEDGE, [1, 0])],
    "shortest": [lambda: sh.shortest(WEDGE)],
    "stationary": [lambda: sh.stationary(WEDGE), lambda: sh.stationary(ABS, constraints=[[1]])],
    "regular": [lambda: sh.regular(ABS), lambda: sh.regular(WEDGE)],
    "lipschitz": [lambda: sh.lipschitz(ABS)],
    "affine": [lambda: sh.affine(ABS, box=(1, 2)), lambda: sh.affine(ABS)],
    "cube": [lambda: sh.cube(ABS, point=[1])],
    "equal": [lambda: sh.equal(ABS, ABS, at=[0]), lambda: sh.equal(ABS, {"inputs": 1, "layers": [{"weight": [[1]]}]})],
    "kink": [lambda: sh.solution_kink(ITERATION)],
    "piggyback": [lambda: sh.piggyback(ITERATION, steps=2)],
    "path": [lambda: sh.solution_path(ITERATION, [-1], [1])],
    "jsr": [lambda: sh.joint_spectral_radius(ITERATION)],
    "cells": [lambda: sh.lexicographic_subgradients(ABS)],
    "info": [lambda: sh.info(WEDGE)],
    "cost": [lambda: sh.cost(WEDGE), lambda: sh.forward_limit(2)],
    "doctor": [
        lambda: sh.DoctorResult(version=None, python="3", system="", processors=1, memory=None, packages=(), trials=())
    ],
}
#: Commands that print no object.
SILENT = {"convert", "encode", "generate", "obfuscate", "plot", "completion"}


@cache
def validator(name: str) -> Any:
    return Draft202012Validator(schema(name))


def test_every_command_has_a_schema() -> None:
    known = (set(COMMANDS) - SILENT - {"check", "decode"}) | {"report", "batch", "verified"}
    assert set(NAMES) - {"net", "certificate", "error"} == known == set(ANSWERS)


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_and_damaged_ones(name: str) -> None:
    for answer in ANSWERS[name]:
        plain = json.loads(json.dumps(answer().to_json()))
        assert [error.message for error in validator(name).iter_errors(plain)] == []
        assert plain["version"] == 1
        for key in plain if name != "batch" else ("net", "version", "options", "status"):
            assert not validator(name).is_valid({other: value for other, value in plain.items() if other != key}), key
        assert not validator(name).is_valid({**plain, "version": 2})
        if name == "batch":  # the other keys are a report's
            continue
        assert not validator(name).is_valid({**plain, "more": None})
        for key, value in plain.items():
            if isinstance(value, list) and value and isinstance(value[0], str) and value[0].lstrip("-").isdigit():
                assert not validator(name).is_valid({**plain, key: [0.5, *value[1:]]}), key
