"""Run the notebooks under docs/notebooks again, and keep what their cells print and show.

tests/docs/test_notebooks.py compares what is printed; pictures are drawn only here.
"""

from __future__ import annotations

import argparse
import ast
import base64
import contextlib
import io
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"


def outputs(source: str, name: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """What a cell prints, and what its last line shows."""
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    out, value = io.StringIO(), None
    with contextlib.redirect_stdout(out):
        exec(compile(tree, name, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), names)
    found: list[dict[str, Any]] = []
    if out.getvalue():
        found.append({"name": "stdout", "output_type": "stream", "text": out.getvalue().splitlines(keepends=True)})
    if value is not None:
        data: dict[str, Any] = {"text/plain": [repr(value)]}
        if (html := getattr(value, "_repr_html_", lambda: None)()) is not None:
            data["text/html"] = html.splitlines(keepends=True)
        if (png := getattr(value, "_repr_png_", lambda: None)()) is not None:
            data |= {"text/plain": ["<picture>"], "image/png": _base64(png)}
        found.append({"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"})
    return found


def _base64(png: Any) -> str:
    """A picture as notebooks keep it; it comes as bytes or so already, perhaps with its size beside it."""
    data = png[0] if isinstance(png, tuple) else png
    return data if isinstance(data, str) else base64.b64encode(data).decode()


def run(file: Path) -> None:
    """One notebook, from the first cell to the last."""
    notebook = json.loads(file.read_text("utf-8"))
    names: dict[str, Any] = {}
    number = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            number += 1
            cell["execution_count"] = number
            cell["outputs"] = outputs("".join(cell["source"]), file.name, names, number)
    file.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    """Run those that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of docs/notebooks")
    for file in parser.parse_args().notebooks or sorted(FOLDER.glob("*.ipynb")):
        run(file)
        print(file.name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
