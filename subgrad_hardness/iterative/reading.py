"""Iterations in files: a net's object with one key more, ``iteration``, and the version 2.

The version says that it is no net to be asked at a point: readers of nets refuse it, and name this one.
``iterative.writing`` is the way back.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from subgrad_hardness.common.errors import InputError, NetError, PointError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.algorithms.contract import Algorithm
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.net.json_text import Reader, parse_json
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import holds_text, program_from, read_source

#: What a call takes for an iteration.
IterationLike = Iteration | Algorithm | str | os.PathLike[str] | Mapping[str, Any]

_KEYS = frozenset({"state", "parameters", "start", "theta"})


def load_iteration(
    source: IterationLike, theta: Sequence[NumberLike] | None = None, *, limits: Limits = NO_LIMITS
) -> Iteration:
    """The iteration that ``source`` denotes, at ``theta`` if one is given.

    Parameters
    ----------
    source : path of an iteration's file, ``"-"`` for standard input, its parsed JSON, an Iteration or an algorithm of
        ``sh.iterations``
    theta : sequence of m numbers, optional
        Replaces its own.
    limits : ends the reading of a large one.

    Returns
    -------
    Iteration

    Raises
    ------
    NetError, PointError
        Bad input, with file and place.
    LimitReached

    Notes
    -----
    Linear in the size.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"version": 2, "inputs": ["x", "t"], "layers": [{"weight": [["1/2", 1]]}]}
    >>> sh.load_iteration(net | {"iteration": {"state": ["x"]}}, theta=[1]).step([0])
    (Fraction(1, 1),)
    """
    if isinstance(source, Algorithm):
        source = source.iteration
    if not isinstance(source, Iteration):
        if isinstance(source, Mapping):
            source = _read(plain_value(source, limits), "<iteration>", limits)
        else:
            data, file = read_source(source)
            if holds_text(data, file):
                said = 'a net in text; iterations are JSON files with a key "iteration" (docs/iterations-kinks.md)'
                raise NetError(said, file=file)
            source = _read(parse_json(data, file, NetError), file, limits)
    return source if theta is None else source.at(theta)


def _read(value: Any, file: str, limits: Limits) -> Iteration:
    reader = Reader(file, NetError, limits)
    if not isinstance(value, dict) or "iteration" not in value:
        reader.fail("", "no iteration; a net becomes one by the key iteration, with the names of its state")
    reader.mapping(value, "", frozenset(value), "an iteration")  # no key twice
    if value.get("version") != 2:
        reader.fail("version", "an iteration's file has the version 2")
    given = reader.mapping(value["iteration"], "iteration", _KEYS, "an object")
    if "state" not in given:
        reader.fail("iteration", "no state")
    names = {
        key: [
            reader.text(name, f"iteration.{key}[{index}]", "an input's name")
            for index, name in enumerate(reader.sequence(given[key], f"iteration.{key}", "a list of names"))
        ]
        for key in ("state", "parameters")
        if key in given
    }
    program = program_from(
        {key: value[key] for key in value if key not in ("iteration", "version")}, file, limits=limits
    )
    try:
        return Iteration(
            program, names["state"], names.get("parameters"), start=given.get("start"), theta=given.get("theta")
        )
    except InputError as error:  # a part's own message, with the file and the part
        kind = PointError if isinstance(error, PointError) else NetError
        raise kind(error.message, file=file, place=f"iteration.{error.place}") from None
