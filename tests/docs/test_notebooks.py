"""Notebooks say what their code prints today."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import pytest
from support.paths import ROOT

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_what_it_prints(file: Any) -> None:
    names: dict[str, Any] = {}
    printed = 0
    for cell in json.loads(file.read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or "IPython" in source:
            continue
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(source, file.name, "exec"), names)
        shown = ["".join(output["text"]) for output in cell["outputs"] if output["output_type"] == "stream"]
        assert out.getvalue() == "".join(shown)
        printed += bool(shown)
    assert printed


def test_there_are_some() -> None:
    assert NOTEBOOKS
