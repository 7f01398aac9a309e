"""A net for notebooks: its sizes, its point, and its text folded."""

from __future__ import annotations

from collections import Counter
from html import escape

from subgrad_hardness.common.html import block, exact_value, fold, table, text
from subgrad_hardness.net.net_object import Fields
from subgrad_hardness.net.rational import format_rational
from subgrad_hardness.net.text_format import write_text

# The text of a larger net is not shown, and so many names are.
_MOST_UNITS, _MOST_NAMES = 1000, 24


def net_html(program: Fields, head: str) -> str:
    """The net under its headline; linear in the number of its units."""
    form = program.form
    rows = {
        "inputs": _names(program.inputs),
        "outputs": str(form.output_count),
        "point": exact_value(program.point, format_rational) or "",
    }
    if form.tensors is not None:
        return block(head, table(rows))
    operations = Counter(unit.operation for unit in form.units())
    rows["units"] = ", ".join([f"{number} {escape(name)}" for name, number in operations.most_common()])
    if form.unit_count > _MOST_UNITS:
        return block(head, table(rows))
    return block(head, table(rows), fold("as text", text(write_text(program).splitlines(), most=_MOST_UNITS)))


def _names(names: tuple[str, ...]) -> str:
    shown = [escape(name) for name in names[:_MOST_NAMES]]
    return ", ".join(shown) + (f", ... {len(names)} in all" if len(names) > _MOST_NAMES else "")
