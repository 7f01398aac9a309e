"""``encode``: the question of a net as a file for an outside solver."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from subgrad_hardness.api.options import require_flag, require_seconds
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.encoders.contract import EncodingError, ask
from subgrad_hardness.encoders.registry import find
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike, load
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import limited


def encode(
    net: NetLike,
    to: str,
    *,
    point: Sequence[NumberLike] | None = None,
    normal_form: bool = False,
    time_limit: float | None = None,
) -> str | bytes:
    """The question "do two distinct Clarke subgradients exist at the point" in the language of other solvers.

    Parameters
    ----------
    net : a path, ``"-"`` (standard input), a parsed mapping, or a Program.
    to : ``smtlib``, ``lp``, ``mps``, ``cnf``, ``cnf-circuit``, ``cnf-bits``, ``onnx``, ``vnnlib`` or ``vnnlib1``
        (docs/encoders.md).
    point : replaces the net's own point.
    normal_form : write the net after equal, opposite and rescaled kinks have been merged, which may
        already decide it; by default the localised net is written as it is.  ``cnf-circuit`` always does so.
    time_limit : seconds for everything, in a worker process.  None: no limit.

    Returns
    -------
    The file's content: text, for ``onnx`` bytes.  It is satisfiable iff the verdict is ``distinct``, and
    the same for equal nets and points.

    Raises NetError or PointError for bad input, ParameterError for an unknown format, EncodingError where
    the format cannot hold the net exactly, ``limits.LimitReached`` where the time ran out.  About linear in the
    nonzeros of the multiplied-out net; for CNF see ``encoders.cnf_circuit`` and ``encoders.cnf_bits``.

    Examples
    --------
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> print(encode(net, "smtlib").splitlines()[-2])
    (check-sat)
    """
    job = partial(_encode, to=to, point=point, normal_form=require_flag(normal_form, "normal form"))
    ended = limited(job, net, seconds=require_seconds(time_limit))
    if ended.result is None:
        raise LimitReached(ended.stopped)
    content: str | bytes = ended.result
    return content


def _encode(
    net: NetLike,
    limits: Limits,
    _: Channels[str | bytes],
    *,
    to: str,
    point: Sequence[NumberLike] | None,
    normal_form: bool,
) -> str | bytes:
    """``encode`` in this process, with limits that are looked at between steps only."""
    encoder = find(to)
    asked = ask(load(net, point), normal_form=normal_form)
    limits.check()
    try:
        return encoder.apply(asked)
    except EncodingError as problem:
        raise EncodingError(problem.message, file=problem.file, place=problem.place or encoder.name) from None
