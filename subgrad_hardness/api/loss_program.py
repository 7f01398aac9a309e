"""``loss_program``: a net on data as a program in its parameters, with a loss (SPEC 6)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.api.options import require_choice, require_seconds
from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.losses.functions import LOSSES, LossFunction
from subgrad_hardness.losses.parameters import chosen
from subgrad_hardness.losses.program import Compared, program_on_data
from subgrad_hardness.models.reading import is_model, load
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector

#: How the losses of several data points become outputs.
REDUCTIONS = ("mean", "sum", "none")


def loss_program(
    net: NetLike,
    inputs: Sequence[Sequence[NumberLike]] | None = None,
    targets: Sequence[NumberLike | Sequence[NumberLike]] | None = None,
    *,
    loss: str | None = None,
    wrt: str | Sequence[str] = "parameters",
    reduction: str = "mean",
    delta: NumberLike = 1,
    time_limit: float | None = None,
) -> Program:
    """A net on data points as one program in its parameters or in the data, exactly, with a loss or without.

    Its point is where the parameters and the data are, so that ``check``, ``gradient`` and all other calls say what the
    gradient of the loss is there, and whether there is one.

    Parameters
    ----------
    net : path, mapping or Program
        With parameters in ``wrt`` no model file: its weights are not one by one those of the program that it becomes.
    inputs : sequence of vectors, optional
        The data points; the net's own point by default.
    targets : sequence, optional
        One for each data point, as the loss wants it: a vector (a number, where the net has one output), or the number
        of an output, from 0, for ``margin`` and ``cross_entropy``.
    loss : str, optional
        ``squared``, ``absolute``, ``huber``, ``hinge``, ``margin``, ``cross_entropy`` or ``logistic``.  Without one the
        outputs are the net's, data point by data point.  The last two are irrational: ``check`` answers for the
        program before their exponentials, and says so.
    wrt : str or sequence of str
        ``parameters``, ``inputs``, or names: of inputs; ``layers[1]``, ``layers[1].weight``, ``layers[1].bias[0]``; of
        affine nodes of a graph, ``u``, ``u.coefficients``, ``u.bias``.  Biases that are all zero are parameters only
        where their own name stands here.
    reduction : str
        ``mean`` over all compared entries, ``sum``, or ``none``: one output a data point.  Factors are PyTorch's.
    delta : number
        Where ``huber`` becomes a line.
    time_limit : number of seconds, optional
        For making the program.

    Returns
    -------
    Program
        Inputs are called as the parameters are; inputs of the net keep their names, behind ``data[3].`` where there are
        several data points.  The point holds their values.

    Raises
    ------
    NetError, PointError
        Bad input; with data that do not fit, naming the entry.
    ParameterError
        An unknown loss, name or reduction; targets without a loss, or none with one.
    LimitReached
        Where the time limit is hit.

    Notes
    -----
    As many nodes as units times data points, and a product for each weight and each data point of the layers behind the
    first one that has parameters.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.Program.from_layers([[[1, -1]], [[2]]])
    >>> program = sh.loss_program(net, [[3, 1], [1, 1]], [4, 1], loss="squared")
    >>> program.inputs
    ('layers[0].weight[0][0]', 'layers[0].weight[0][1]', 'layers[1].weight[0][0]')
    >>> result = sh.check(program)
    >>> result.verdict, result.kink_names
    ('distinct', ('data[1].layers[0][0]',))
    """
    if isinstance(loss, str) or loss is None:
        found = None if loss is None else LOSSES[require_choice(loss, "loss", LOSSES)]
    else:
        raise ParameterError(f"{loss!r} is not the name of a loss", place="loss")
    limits = Limits.seconds(require_seconds(time_limit))
    program = load(net)
    choice = chosen(program, wrt)
    if choice.numbers and isinstance(net, str | os.PathLike) and is_model(os.fspath(net)):
        message = "the parameters of a model file are not one by one the numbers of its program; convert it first"
        raise ParameterError(message, place="wrt")
    points = [program.point] if inputs is None else _vectors(inputs, program.input_count, "inputs")
    if (found is None) is not (targets is None):
        raise ParameterError("targets and a loss go together", place="targets" if found is None else "loss")
    compared = None
    if found is not None and targets is not None:
        wanted = _targets(targets, found, program.output_count, len(points))
        compared = Compared(found, wanted, _delta(delta), require_choice(reduction, "reduction", REDUCTIONS))
    return program_on_data(program, choice, points, compared, limits)


def _vectors(rows: Sequence[Sequence[NumberLike]], length: int, what: str) -> list[tuple[Fraction, ...]]:
    found = [exact_vector(row, length, f"{what}[{index}]") for index, row in enumerate(rows)]
    if not found:
        raise PointError("empty; give at least one data point", place=what)
    return found


def _targets(
    targets: Sequence[NumberLike | Sequence[NumberLike]], loss: LossFunction, outputs: int, points: int
) -> list[tuple[Fraction, ...]]:
    if len(targets) != points:
        raise PointError(
            f"{count(len(targets), 'entry', 'entries')}, expected {points}, one a data point", place="targets"
        )
    length = 1 if loss.labels else outputs
    found = []
    for index, target in enumerate(targets):
        plain = [target] if isinstance(target, str) or not hasattr(target, "__len__") else target
        found.append(exact_vector(plain, length, f"targets[{index}]"))  # type: ignore[arg-type]
        label = found[-1][0]
        if loss.labels and not (label.denominator == 1 and 0 <= label < outputs):
            raise PointError(
                f"{label} is not the number of an output, from 0 to {outputs - 1}", place=f"targets[{index}]"
            )
    return found


def _delta(delta: NumberLike) -> Fraction:
    (number,) = exact_vector([delta], 1, "delta")
    if number <= 0:
        raise ParameterError(f"{number} is not positive", place="delta")
    return number
