"""``encode``: the question of a net as a file for an outside solver."""

from __future__ import annotations

from collections.abc import Sequence

from subgrad_hardness.encoders.contract import Encoder, EncodingError, ask
from subgrad_hardness.encoders.registry import find
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.pointwise import program_at


def encode(
    net: NetLike, to: str, *, point: Sequence[NumberLike] | None = None, normal_form: bool = False
) -> str | bytes:
    """The question "do two distinct Clarke subgradients exist at the point" in the language of other solvers.

    Parameters
    ----------
    net : a path, ``"-"`` (standard input), a parsed mapping, or a Program.
    to : ``smtlib``, ``lp``, ``mps``, ``cnf``, ``onnx``, ``vnnlib`` or ``vnnlib1`` (docs/encoders.md).
    point : replaces the net's own point.
    normal_form : write the net after equal, opposite and rescaled kinks have been merged, which may
        already decide it; by default the localised net is written as it is.

    Returns
    -------
    The file's content: text, for ``onnx`` bytes.  It is satisfiable iff the verdict is ``distinct``, and
    the same for equal nets and points.

    Raises NetError or PointError for bad input, ParameterError for an unknown format, EncodingError where
    the format cannot hold the net exactly.  About linear in the nonzeros of the multiplied-out net; ``cnf``
    see ``encoders.cnf``.

    Examples
    --------
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> print(encode(net, "smtlib").splitlines()[-2])
    (check-sat)
    """
    return encoded(find(to), program_at(net, point), normal_form=normal_form)


def encoded(encoder: Encoder, program: Program, *, normal_form: bool) -> str | bytes:
    """``encode`` for a program at its point.  Raises EncodingError, which names the format."""
    try:
        return encoder.apply(ask(program, normal_form=normal_form))
    except EncodingError as problem:
        raise EncodingError(problem.message, file=problem.file, place=problem.place or encoder.name) from None
