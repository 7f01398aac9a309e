"""Notebooks as pages: their text, code and outputs as they were saved; nothing is run."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any


def as_page(notebook: Path, pictures: Path) -> str:
    """The notebook in Markdown; its pictures are written to the folder ``pictures``, which lies beside the page."""
    parts = []
    for number, cell in enumerate(json.loads(notebook.read_text("utf-8"))["cells"]):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for place, output in enumerate(cell["outputs"]):
            parts.append(_shown(output, pictures / f"{notebook.stem}-{number}-{place}.png"))
    return "\n\n".join(part for part in parts if part) + "\n"


def _shown(output: dict[str, Any], picture: Path) -> str:
    data = output.get("data", {})
    if "image/png" in data:
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(base64.b64decode("".join(data["image/png"])))
        return f"![What the cell draws]({picture.parent.name}/{picture.name})"
    if "text/html" in data:
        return "".join(data["text/html"])
    text = "".join(output.get("text", data.get("text/plain", "")))
    return f"```text\n{text.rstrip()}\n```" if text.strip() else ""
