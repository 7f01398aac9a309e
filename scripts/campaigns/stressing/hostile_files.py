"""The files that ``stress.py`` gives to the command line: large, deep, with long numbers, and nets that are hard."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from subgrad_hardness import dumps, generate


def write_large(path: Path) -> None:
    """A dense layer: 200 MB of small integers."""
    columns = 10_000
    row = "[" + ",".join(str(index * 37 % 199 - 99) for index in range(columns)) + "]"
    rows = 200 * 10**6 // len(row)
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"inputs":{columns},"layers":[{{"weight":[')
        for index in range(rows):
            file.write(row if index == rows - 1 else row + ",")
        file.write(f'],"activation":"relu"}},{{"weight":[[{",".join("1" * rows)}]]}}]}}')


def write_nodes(path: Path) -> None:
    """A chain of 10^6 nodes."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"inputs":["x","y"],"nodes":[{"id":"n0","op":"relu","args":["x"]}')
        for index in range(1, 10**6):
            operation = "max" if index % 2 else "min"
            file.write(f',{{"id":"n{index}","op":"{operation}","args":["n{index - 1}","y"]}}')
        file.write('],"outputs":["n999999"]}')


def write_nested(path: Path) -> None:
    """10^5 brackets."""
    path.write_text('{"inputs":1,"layers":' + "[" * 10**5 + "]" * 10**5 + "}", encoding="utf-8")


def _digits(count: int) -> str:
    number = "7" * count
    first = {"weight": [[number, 1], ["-" + number, 3]], "activation": "relu"}
    return json.dumps({"inputs": 2, "layers": [first, {"weight": [[1, 1]]}]})


def write_digits(path: Path) -> None:
    """Weights with as many digits as are allowed."""
    path.write_text(_digits(10**5), encoding="utf-8")


def write_more_digits(path: Path) -> None:
    """One digit more."""
    path.write_text(_digits(10**5 + 1), encoding="utf-8")


def write_hard(path: Path) -> None:
    """A net that no engine decides within a minute."""
    path.write_text(dumps(generate("maxcut", vertices=24, k=120)), encoding="utf-8")


def write_easy(path: Path) -> None:
    """A net that is decided at once."""
    path.write_text(dumps(generate("maxcut", vertices=4, k=2)), encoding="utf-8")


#: How each file is written, by its name.
MAKERS: dict[str, Callable[[Path], None]] = {
    "large.json": write_large,
    "nodes.json": write_nodes,
    "nested.json": write_nested,
    "digits.json": write_digits,
    "more-digits.json": write_more_digits,
    "hard.json": write_hard,
    "easy.json": write_easy,
}
