"""Write what the table of operations says into the JSON Schema of nets and into the documents.

    python scripts/data/make_operation_tables.py            # writes the files
    python scripts/data/make_operation_tables.py --check    # exit 1 if one of them says something else

In the schema these are the definitions ``activation``, ``operation``, ``many``, ``sloped`` and ``raised``; in a
document the lines between ``<!-- operations -->`` and ``<!-- end of operations -->``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from subgrad_hardness.common.files import write_text
from subgrad_hardness.net.operations import OPERATIONS, Operation, Outside, activations, node_operations
from subgrad_hardness.net.smooth_operations import SMOOTH

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "subgrad_hardness" / "schemas" / "net.schema.json"
DOCUMENTS = (ROOT / "docs" / "net-format.md", ROOT / "docs" / "specification.md")

_TABLE = re.compile(r"(<!-- operations -->\n).*?(<!-- end of operations -->)", re.DOTALL)


def schema_with_operations(text: str) -> str:
    """The schema's text with the lists of the table of operations."""
    lists = {
        "activation": [*activations(), *(name for name, operation in SMOOTH.items() if operation.activation)],
        "operation": ["affine", *node_operations(), *SMOOTH],
        "many": ["affine", *(name for name, operation in _every() if operation.arity != 1)],
        "sloped": [name for name, operation in _every() if operation.slope],
        "raised": [name for name, operation in _every() if operation.exponent],
    }
    for name, values in lists.items():
        pattern = re.compile(rf'("{name}": {{"enum": )\[.*?\]')
        text, count = pattern.subn(rf"\g<1>{json.dumps(values)}", text)
        if count != 1:
            raise ValueError(f"the schema has {count} definitions of {name}")
    return text


def document_with_operations(text: str, every: bool = True) -> str:
    """A document's text with the table of operations between its marks; not ``every``: the piecewise-linear ones."""
    text, count = _TABLE.subn(lambda match: match.group(1) + operation_table(every) + match.group(2), text)
    if count != 1:
        raise ValueError(f"the document has {count} tables of operations")
    return text


def operation_table(every: bool) -> str:
    """The operations for people, one a line."""
    lines = ["| operation | arguments | is | in |", "|---|---|---|---|"]
    for name, operation in _every() if every else OPERATIONS.items():
        where = [place for place, there in (("layers", operation.activation), ("graphs", operation.in_graphs)) if there]
        lines.append(
            f"| `{name}` | {_arguments(operation)} | {operation.formula} | {', '.join(where)} |"
            if not isinstance(operation.meaning, Outside)
            else f"| `{name}` | {_arguments(operation)} | {operation.formula} | {', '.join(where)}; not decided |"
        )
    return "\n".join(lines) + "\n"


def _every() -> list[tuple[str, Operation]]:
    """Both tables."""
    return [*OPERATIONS.items(), *SMOOTH.items()]


def _arguments(operation: Operation) -> str:
    count = "one or more" if operation.arity is None else str(operation.arity)
    return count if operation.parameter is None else f"{count}, and `{operation.parameter}`"


def files() -> dict[Path, str]:
    """Every file as it should be."""
    result = {SCHEMA: schema_with_operations(SCHEMA.read_text(encoding="utf-8"))}
    return result | {
        path: document_with_operations(path.read_text(encoding="utf-8"), path is DOCUMENTS[0]) for path in DOCUMENTS
    }


def main() -> int:
    """Write the files, or compare them with the disk."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file says something else")
    check = parser.parse_args().check
    stale = [path for path, text in files().items() if path.read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            print(f"not as the table of operations says: {path.relative_to(ROOT)}", file=sys.stderr)
        else:
            write_text(path, files()[path])
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
