"""Iterations that are hostile: files of wrong shapes, types and sizes, maps without limits, numbers beyond doubles."""

from __future__ import annotations

import json
from typing import Any

#: x <- -x/2 + relu(t), as a file.
PLAIN: dict[str, Any] = {
    "version": 2,
    "inputs": ["x", "t"],
    "nodes": [
        {"id": "a", "op": "relu", "args": ["t"]},
        {"id": "f", "op": "affine", "args": ["x", "a"], "coefficients": ["-1/2", 1]},
    ],
    "outputs": ["f"],
    "iteration": {"state": ["x"], "parameters": ["t"], "start": [0], "theta": [0]},
}


def _affine(coefficients: list[Any], bias: Any = 0, **given: Any) -> dict[str, Any]:
    """x <- a x + b t + c."""
    node = {"id": "f", "op": "affine", "args": ["x", "t"], "coefficients": coefficients, "bias": bias}
    iteration = {"state": ["x"], "parameters": ["t"], "start": [1], "theta": [1], **given}
    return {"version": 2, "inputs": ["x", "t"], "nodes": [node], "outputs": ["f"], "iteration": iteration}


def _nodes(nodes: list[dict[str, Any]], output: str, **given: Any) -> dict[str, Any]:
    iteration = {"state": ["x"], "parameters": ["t"], "start": [1], "theta": [1], **given}
    return {"version": 2, "inputs": ["x", "t"], "nodes": nodes, "outputs": [output], "iteration": iteration}


def _smooth(op: str, args: list[str], **more: Any) -> dict[str, Any]:
    return _nodes([{"id": "f", "op": op, "args": args, **more}], "f")


def _given(**changes: Any) -> dict[str, Any]:
    """The plain one with other entries under ``iteration``; None takes one away."""
    own = {key: value for key, value in (PLAIN["iteration"] | changes).items() if value is not None}
    return PLAIN | {"iteration": own}


def _coupled(size: int, kinks: int) -> dict[str, Any]:
    """A dense one with many kinks at its fixed point 0."""
    names = [f"x{k}" for k in range(size)] + ["t"]
    state = names[:size]
    first = [[(7 * i * j + 3 * i + j) % 7 - 3 for j in range(size + 1)] for i in range(kinks)]
    last = [[f"{(5 * i + 11 * j) % 7 - 3}/{4 * kinks}" for j in range(kinks)] for i in range(size)]
    layers = [{"weight": first, "activation": "relu"}, {"weight": last}]
    return {"version": 2, "inputs": names, "layers": layers, "iteration": {"state": state}}


def maps() -> dict[str, dict[str, Any]]:
    """Well-formed iterations that have no limit, no contraction, or numbers that no double holds."""
    big, small = "1e3000", "1e-3000"
    deep = [{"id": "n0", "op": "affine", "args": ["x", "t"], "coefficients": ["1/2", 1]}]
    deep += [{"id": f"n{k}", "op": "relu", "args": [f"n{k - 1}"]} for k in range(1, 5001)]
    squares = [{"id": "s0", "op": "square", "args": ["x"]}]
    squares += [{"id": f"s{k}", "op": "square", "args": [f"s{k - 1}"]} for k in range(1, 40)]
    return {
        "plain": PLAIN,
        "identity": _affine([1, 0]),
        "drift": _affine([1, 1]),
        "doubling": _affine([2, 1]),
        "reflection": _affine([-1, 1]),
        "nearly one": _affine(["99999999999999999999/100000000000000000000", 1]),
        "one above": _affine(["100000000000000000001/100000000000000000000", 1]),
        "huge slope": _affine([big, 1]),
        "tiny slope": _affine([small, 1]),
        "huge bias": _affine(["1/2", 1], big),
        "tiny bias": _affine(["1/2", 1], small),
        "huge theta": _affine(["1/2", 1], 0, theta=[big]),
        "huge start": _affine(["1/2", 1], 0, start=[big]),
        "huge coefficient of theta": _affine(["1/2", big]),
        "long digits": _affine(["1/" + "7" * 3000, "9" * 3000 + "/" + "8" * 3000]),
        "no parameters": _given(parameters=[], state=["x", "t"]) | {"outputs": ["f", "a"]},
        "two limits": _nodes(
            [
                {"id": "b", "op": "hardtanh", "args": ["x"]},
                {"id": "f", "op": "affine", "args": ["b", "x", "t"], "coefficients": [3, -1, 0]},
            ],
            "f",
        ),
        "no limit": _nodes(
            [
                {"id": "b", "op": "abs", "args": ["x"]},
                {"id": "f", "op": "affine", "args": ["b", "t"], "coefficients": [1, 1]},
            ],
            "f",
        ),
        "cycle of two": _nodes(
            [
                {"id": "b", "op": "hardtanh", "args": ["x"]},
                {"id": "f", "op": "affine", "args": ["b"], "coefficients": [-3]},
            ],
            "f",
            start=["1/2"],
        ),
        "deep": _nodes(deep, "n5000"),
        "many kinks": _coupled(6, 40),
        "many states": _coupled(60, 120),
        "division by zero": _smooth(
            "div",
            ["t", "x"],
        )
        | {"iteration": {"state": ["x"], "start": [0], "theta": [1]}},
        "root of a negative": _smooth("sqrt", ["x"]) | {"iteration": {"state": ["x"], "start": [-1], "theta": [1]}},
        "logarithm": _smooth("log", ["x"]) | {"iteration": {"state": ["x"], "start": [-1], "theta": [1]}},
        "exponential tower": _smooth("exp", ["x"]),
        "power": _smooth("power", ["x"], exponent=10**6),
        "negative power": _smooth("power", ["x"], exponent=-(10**9))
        | {"iteration": {"state": ["x"], "start": [3], "theta": [1]}},
        "squares": _nodes(squares, "s39", start=[3]),
        "square below one": _nodes(squares[:1], "s0", start=["1/3"]),
    }


def files() -> dict[str, bytes]:
    """Files that are no iteration, or ask for too much."""
    text = json.dumps(PLAIN)
    found: dict[str, Any] = {
        "net": {key: value for key, value in PLAIN.items() if key not in ("iteration", "version")},
        "version 1": PLAIN | {"version": 1},
        "version text": PLAIN | {"version": "2"},
        "version true": PLAIN | {"version": True},
        "iteration null": PLAIN | {"iteration": None},
        "iteration list": PLAIN | {"iteration": ["x"]},
        "iteration text": PLAIN | {"iteration": "x"},
        "no state": _given(state=None),
        "state text": _given(state="x"),
        "state number": _given(state=1),
        "state object": _given(state={"x": 1}),
        "state of numbers": _given(state=[0]),
        "state twice": _given(state=["x", "x"]),
        "state long": _given(state=["x" * 10**6]),
        "state empty": _given(state=[]),
        "state nested": _given(state=[["x"]]),
        "state break": _given(state=["x\ny"]),
        "parameters null": PLAIN | {"iteration": PLAIN["iteration"] | {"parameters": None}},
        "parameters overlap": _given(parameters=["x"]),
        "parameters missing": _given(parameters=[]),
        "start text": _given(start="0"),
        "start nan": _given(start=["nan"]),
        "start true": _given(start=[True]),
        "start object": _given(start={"x": 0}),
        "start long": _given(start=[0] * 10),
        "start nested": _given(start=[[0]]),
        "start null": PLAIN | {"iteration": PLAIN["iteration"] | {"start": None}},
        "theta exponent": _given(theta=["1e999999999999"]),
        "theta digits": _given(theta=["9" * 10**5 + "9"]),
        "theta over zero": _given(theta=["1/0"]),
        "outputs twice": PLAIN | {"outputs": ["f", "f"]},
        "unknown key": PLAIN | {"iterations": 1},
        "unknown key inside": _given(steps=3),
        "both forms": PLAIN | {"layers": [{"weight": [[1, 1]]}]},
        "list": [PLAIN],
        "null": None,
        "number": 2,
    }
    encoded = {name: json.dumps(value).encode() for name, value in found.items()}
    return encoded | {
        "empty": b"",
        "blank": b" \n",
        "binary": bytes(range(256)),
        "zeros": bytes(1000),
        "nan": text.replace('"start": [0]', '"start": [NaN]').encode(),
        "infinity": text.replace('"theta": [0]', '"theta": [-Infinity]').encode(),
        "overflow": text.replace('"theta": [0]', '"theta": [1e400]').encode(),
        "key twice": text.replace('"start": [0]', '"start": [0], "start": [1]').encode(),
        "iteration twice": text.replace('"version": 2', '"version": 2, "iteration": {"state": ["t"]}').encode(),
        "deep list": b"[" * 10**6,
        "deep start": text.replace('"start": [0]', '"start": ' + "[" * 10**5 + "]" * 10**5).encode(),
        "deep iteration": text.replace('"start": [0]', '"start": ' + '{"a":' * 10**5 + "0" + "}" * 10**5).encode(),
        "surrogate": text.replace('"x"', '"\\ud800"').encode(),
        "latin": text.replace('"x"', '"é"').encode("latin-1"),
        "mark": b"\xef\xbb\xbf" + text.encode(),
        "two": text.encode() * 2,
        "utf-16": text.encode("utf-16"),
    }


#: Options that do not fit PLAIN, after its file.
OPTIONS = (
    *[
        f"{command} {options}"
        for command in ("kink F", "piggyback F", "jsr F", "path F --to 1", "piggyback F --set clarke")
        for options in (
            "--theta 1,2",
            "--theta ,",
            "--theta nan",
            "--theta 1e999999999",
            "--theta 1/0",
            "--fixed-point 1",
            "--fixed-point 1,2",
            "--fixed-point x",
            "--time-limit -1",
            "--time-limit nan",
            "--memory-limit 0",
        )
    ],
    "path F",
    "path F --to 1,2",
    "path F --to inf",
    "path F --to 0",
    "path F --to 1e3000 --time-limit 4",
    "path F --to 1 --csv /nowhere/at/all.csv",
    "path F --to 1 --csv - --json",
    "jsr F --jacobian bouligand",
    "jsr F --length 0",
    "jsr F --length -3",
    "jsr F --length 1000000 --time-limit 4",
    "jsr F --verify /nowhere",
    "jsr F --certificate /nowhere/at/all",
    "kink F --certificate /nowhere/at/all",
    "kink F --verify F",
    "kink F --seed x",
    "piggyback F --steps 0",
    "piggyback F --steps -1",
    "piggyback F --steps 1e9",
    "piggyback F --start 1,2",
    "piggyback F --mode reverse",
    "piggyback F --mode reverse --functional 1,2",
    "piggyback F --functional 1",
    "piggyback F --mode float --relu-at-zero 2",
    "piggyback F --mode float --relu-at-zero nan",
    "piggyback F --mode float --at a=1/2",
    "piggyback F --at b=1/2",
    "piggyback F --at a",
    "piggyback F --contains 1",
    "piggyback F --support 1",
    "piggyback F --certificate OUT",
    "piggyback F --set clarke --contains 1,2",
    "piggyback F --set clarke --contains x",
    "piggyback F --set clarke --support 1;2",
    "piggyback F --set clarke --contains 1e5000",
    "piggyback F --set autodiff --singular pinv",
    "plot piggyback F",
    "plot piggyback F -o /nowhere/at/all.svg",
)

#: Ready algorithms with arguments that make sense.
ARGUMENTS: tuple[tuple[str, list[Any]], ...] = (
    ("ridge", [[[2, 1], [1, 2]], [1, 2], 1, "1/4"]),
    ("lasso", [[[2, 1], [1, 2]], [1, 2], 1, "1/4"]),
    ("elastic_net", [[[2, 1], [1, 2]], [1, 2], 1, 1, "1/4"]),
    ("group_lasso", [[[2, 1], [1, 2]], [1, 2], [[0], [1]], 1, "1/4"]),
    ("box_qp", [[[2, 1], [1, 2]], [1, 2], [0, 0], [1, 1], "1/4"]),
    ("simplex_qp", [[[2, 1], [1, 2]], [1, 2], "1/4"]),
    ("graphical_lasso", [[[2, 1], [1, 2]], 1]),
    ("generalised_lasso", [[[2, 1], [1, 2]], [1, 2], [[1, -1]], 1]),
    ("tv_admm", [[0, 1, 5], 1]),
    ("trend_filtering", [[0, 1, 5, 2], 1, 2]),
    ("quadratic_program", [[[2, 0], [0, 2]], [1, 1], [[1, 1]], [0], [1]]),
    ("pdhg", [[[1, -1]], [1, 2], 1, "1/4", "1/4"]),
    ("equilibrium", [[["1/2", 0], [0, "1/2"]], [[1], [1]], [0, 0], [1]]),
    ("sinkhorn", [[[0, 1], [1, 0]], ["1/2", "1/2"], ["1/2", "1/2"], 1]),
    ("heavy_ball", [[1, "1/4"], 1, "1/2"]),
    ("nesterov", [[1, "1/4"], 1, "1/2"]),
)

#: Maps that take long before something is known.
SLOW = frozenset({"drift", "no limit", "many kinks", "many states", "deep", "long digits", "cycle of two", "power"})
