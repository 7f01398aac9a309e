"""Reading whatever is a net: net files and mappings, and model files by the ending of their names."""

from __future__ import annotations

import os
from collections.abc import Sequence

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.garbage import no_collections
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.net import reading
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike, read_source

#: Endings of the names of model files.
ENDINGS = (".onnx", ".nnet")


def load(
    net: NetLike, point: Sequence[NumberLike] | None = None, *, cut: bool = False, limits: Limits = NO_LIMITS
) -> Program:
    """The program that ``net`` denotes, moved to ``point`` if one is given.

    Parameters
    ----------
    net : the path of a net file (JSON or text) or of a model (``.onnx``, ``.nnet``); ``"-"`` for standard input; a
        parsed mapping (numpy arrays, tuples and Fractions are welcome in it); or a Program, which is returned as it is.
    point : replaces the net's own point; p numbers, floats taken exactly.
    cut : take a model's last Sigmoid, Tanh, Softmax, LogSoftmax, ArgMax or ArgMin away; otherwise they are refused.
    limits : ends the reading of a large net.

    Returns
    -------
    Program

    Raises
    ------
    NetError
        Naming the file and the place; for an ONNX file also where the package onnx is not installed.
    PointError
        For a point that does not fit.
    LimitReached
        When the limits are hit; not inside the parsing of a JSON text, which looks at no clock.

    Notes
    -----
    A file whose name ends in ``.net`` is text, one that ends in ``.json`` is JSON; the beginning of any other, and of
    standard input, decides.  Linear in the size of the net.  A model of at most 5 * 10^6 products is written down unit
    by unit; a larger one stays in tensors, and only questions about its point are answered.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> sh.load({"inputs": 1, "layers": [{"weight": [[2]], "activation": "abs"}]}, point=["1/2"])
    <Program: layers, 1 input, 1 output>
    """
    if isinstance(net, str | os.PathLike) and is_model(os.fspath(net)):
        data, file = read_source(net)
        with no_collections():
            program = load_bytes(data, file, cut=cut, path=os.fspath(net), limits=limits)
        return program if point is None else program.at(point)
    return reading.load(net, point, limits=limits)


def is_model(file: str) -> bool:
    """Whether a file's name is that of a model."""
    return file.lower().endswith(ENDINGS)


def load_bytes(
    data: bytes, file: str, *, cut: bool = False, path: str | None = None, limits: Limits = NO_LIMITS
) -> Program:
    """The program in the bytes of a net file or of a model; ``file`` is its name, also in messages.

    ``path`` is where the file lies, so that a model's data in other files can be found; None: such a model is refused.

    Raises NetError, LimitReached.
    """
    if not is_model(file):
        return reading.load_bytes(data, file, limits=limits)
    if file.lower().endswith(".nnet"):
        from subgrad_hardness.models.nnet import read_nnet

        return read_nnet(data, file, limits)
    from subgrad_hardness.models.expanding import expanded
    from subgrad_hardness.models.onnx_model import read_onnx
    from subgrad_hardness.models.tensor_form import LARGE, in_tensors

    model = read_onnx(data, file, cut=cut, path=path, limits=limits)
    origin = {"model": "onnx", **({"cut": list(model.cut)} if model.cut else {})}
    if not model.output.size:
        raise NetError("the output has no entries", file=file)
    if model.program.products(model.output) > LARGE:
        return in_tensors(model.program, model.output, file, provenance=origin)
    return expanded(model.program, model.output, file, provenance=origin, limits=limits)
