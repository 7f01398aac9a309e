"""``encode``: the question of a net as a file for an outside solver."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from subgrad_hardness.api.options import require_flag, require_seconds
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.encoders.contract import EncodingError, ask
from subgrad_hardness.encoders.registry import find
from subgrad_hardness.local.near import near_point
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels, Ended
from subgrad_hardness.processes.limited import limited


def encode(
    net: NetLike,
    to: str,
    *,
    point: Sequence[NumberLike] | None = None,
    normal_form: bool = False,
    time_limit: float | None = None,
) -> str | bytes:
    """The question "do two distinct Clarke subgradients exist at the point" as a file for an outside solver.

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    to : str
        ``smtlib``, ``lp``, ``mps``, ``cnf``, ``cnf-circuit``, ``cnf-bits``, ``onnx``, ``vnnlib`` or ``vnnlib1``.
    point : sequence of numbers, optional
        Replaces the net's own point: p numbers, floats taken exactly.
    normal_form : bool, optional
        Write the net after equal, opposite and rescaled kinks have been merged, which may already decide it; by default
        the localised net is written as it is.  ``cnf-circuit`` always does so.
    time_limit : number of seconds, optional
        For everything; the work then runs in a worker process.

    Returns
    -------
    str or bytes
        The file's content: text, for ``onnx`` bytes.  It is satisfiable if and only if the verdict is ``distinct``, and
        the same for equal nets and points.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    ParameterError
        An unknown format, or an option that makes no sense.
    EncodingError
        The format cannot hold the net exactly.
    LimitReached
        The time ran out.

    Notes
    -----
    About linear in the nonzeros of the multiplied-out net; for CNF see ``encoders.cnf_circuit`` and
    ``encoders.cnf_bits``.  docs/encoders.md says what is in each file and how to read a solver's answer.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> print(sh.encode(net, "smtlib").splitlines()[-2])
    (check-sat)
    """
    normal_form, time_limit = require_flag(normal_form, "normal form"), require_seconds(time_limit)
    job = partial(_encode, to=to, point=point, normal_form=normal_form)
    ended: Ended[str | bytes] = limited(job, net, seconds=time_limit)
    if ended.result is None:
        raise LimitReached(ended.stopped)
    return ended.result


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
    asked = ask(near_point(load(net, point)), normal_form=normal_form)
    limits.check()
    try:
        return encoder.apply(asked)
    except EncodingError as problem:
        message = problem.message + (f"; try {encoder.otherwise}" if encoder.otherwise else "")
        raise EncodingError(message, file=problem.file, place=problem.place or encoder.name) from None
