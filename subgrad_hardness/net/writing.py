"""Writing nets back, byte-stable, and their digest (SPEC 2)."""

from __future__ import annotations

from typing import Any

from subgrad_hardness.net.formats import FORMATS
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.layered_format import plain_number
from subgrad_hardness.net.net_object import Fields


def to_mapping(program: Fields) -> dict[str, Any]:
    """The net file's object for ``program``: ``load`` gives the equal program back."""
    default_names = tuple(f"x{index}" for index in range(len(program.inputs)))
    result: dict[str, Any] = {"version": 1}
    if program.name is not None:
        result["name"] = program.name
    if program.provenance is not None:
        result["provenance"] = dict(program.provenance)
    result["inputs"] = len(program.inputs) if program.inputs == default_names else list(program.inputs)
    form = program.form if program.form.tensors is None else program.form.to_graph(program.inputs)
    result.update(FORMATS[form.kind].plain(form, program.inputs))
    if any(program.point):
        result["point"] = [plain_number(number) for number in program.point]
    return result


def dumps(program: Fields) -> str:
    """The JSON text of a net file.

    Parameters
    ----------
    program : of any form, which the file keeps.

    Returns
    -------
    The same text for equal programs, one matrix row or node a line; ``load`` gives the equal program back.

    Notes
    -----
    Linear in the size.  ``Program.to_text`` writes the text language instead.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> print(sh.dumps(sh.Program.from_text("inputs x; f = relu x; outputs f")), end="")
    {
     "version": 1,
     "inputs": ["x"],
     "nodes": [
      {"id": "f", "op": "relu", "args": ["x"]}
     ],
     "outputs": ["f"]
    }
    """
    return write_json(to_mapping(program), indent=1) + "\n"
