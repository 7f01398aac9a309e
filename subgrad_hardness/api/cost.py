"""``cost``, ``backward``, ``forward`` and what belongs to them: the cost of nonsmooth differentiation, counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.options import require_integer, require_positive, require_seconds, require_seed
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.cost_model import backward as backwards
from subgrad_hardness.cost_model import forward as forwards
from subgrad_hardness.cost_model.dictionaries import dictionary as _dictionary
from subgrad_hardness.cost_model.programs import ProgramLike, program_of
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.cost_model.table import METHODS, CostRow, Rows
from subgrad_hardness.cost_model.weights import KINDS, Weights
from subgrad_hardness.net.rational import NumberLike, format_rational

#: The columns of the CSV, and the keys of a row of the JSON.
COLUMNS = ("method", "form", *KINDS, "cost", "ratio", "bound", "bound_by", "stored", "note")


@dataclass(frozen=True, kw_only=True, slots=True)
class CostReport:
    """What evaluating and differentiating a program costs.

    Attributes
    ----------
    program : its name.
    level : 0 for one operation, 1 for a program of operations, more where programs are elements.
    inputs, outputs : how many.
    differentiated : in how many inputs.
    weights : what one operation of each kind costs.
    dictionary : the one that the bounds are of; None: the operations of the program itself.
    rows : one a method, the evaluation first.
    """

    program: str | None
    level: int
    inputs: int
    outputs: int
    differentiated: int
    weights: Weights
    dictionary: str | None
    rows: tuple[CostRow, ...]

    def __repr__(self) -> str:
        ratios = [f"{row.method} {float(row.ratio):.3g}" for row in self.rows[1:] if row.ratio is not None]
        return f"<CostReport: evaluation {format_rational(self.rows[0].cost)}; {', '.join(ratios)}>"

    def ratio(self, method: str, form: str = "") -> Fraction:
        """How many evaluations a method costs.

        Raises ParameterError where there is no such row, or where the evaluation is free.
        """
        for row in self.rows:
            if row.method == method and form in ("", row.form) and row.ratio is not None:
                return row.ratio
        raise ParameterError(f"no ratio for {method!r} {form!r}".rstrip(), place="method")

    def to_json(self) -> dict[str, Any]:
        """The object that ``cost --json`` prints; numbers are exact, in strings."""
        return {
            "program": self.program,
            "level": self.level,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "differentiated": self.differentiated,
            "weights": {kind: format_rational(weight) for kind, weight in self.weights._asdict().items()},
            "dictionary": self.dictionary,
            "rows": [_row_json(row) for row in self.rows],
        }

    def to_csv(self) -> str:
        """One line a row, with a line of names first."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in self.rows:
            found = _row_json(row)
            cells = {**found.pop("counts"), **found}
            writer.writerow(["" if cells[column] is None else cells[column] for column in COLUMNS])
        return text.getvalue()

    def table(self) -> str:
        """The rows for people."""
        titles = ("method", *KINDS, "cost", "ratio", "bound", "from", "stored", "note")
        lines = [titles, *(_cells(row) for row in self.rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(titles))]
        shown = []
        for line in lines:
            cells = [
                cell.ljust(width) if column in (0, 9, 11) else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(line, widths, strict=True))
            ]
            shown.append("  ".join(cells).rstrip())
        return "\n".join(shown)


def _row_json(row: CostRow) -> dict[str, Any]:
    def exact(value: Fraction | None) -> str | None:
        return None if value is None else format_rational(value)

    return {
        "method": row.method,
        "form": row.form or None,
        "counts": row.counts._asdict(),
        "cost": exact(row.cost),
        "ratio": exact(row.ratio),
        "bound": exact(row.bound),
        "bound_by": row.bound_by or None,
        "stored": row.stored,
        "note": row.note or None,
    }


def _cells(row: CostRow) -> tuple[str, ...]:
    def short(value: Fraction | None) -> str:
        if value is None:
            return "-"
        return format_rational(value) if value.denominator == 1 else f"{float(value):.4g}"

    method = f"{row.method}, {row.form}" if row.form else row.method
    numbers = [str(number) for number in row.counts]
    stored = "-" if row.stored is None else str(row.stored)
    return (method, *numbers, short(row.cost), short(row.ratio), short(row.bound), row.bound_by, stored, row.note)


def cost(
    program: ProgramLike,
    point: Sequence[NumberLike] | None = None,
    *,
    wrt: str = "inputs",
    batch: int = 1,
    weights: Weights | str | None = None,
    dictionary: str | None = None,
    methods: Sequence[str] = tuple(METHODS),
    forms: Sequence[str] = backwards.FORMS,
    directions: int | None = None,
    worst: bool = False,
    seed: int = 0,
    time_limit: float | None = None,
) -> CostReport:
    """Count what it costs to evaluate a program, and to differentiate it in every way there is.

    Parameters
    ----------
    program : net, function or StraightLine
        A net (a path, a mapping or a Program), a Python function over numbers, ``"file.py:function"``, or a
        straight-line program.
    point : sequence of numbers, optional
        Where; floats stay floats in a function, and are taken exactly in a net.
    wrt : str, optional
        ``inputs``, ``weights`` or ``both``, of a net.
    batch : int, optional
        Samples of a net; their outputs are added.
    weights : Weights or str, optional
        What an operation of each kind costs: ``"unit"``, ``"nonscalar"``, ``"nl=10"``.
    dictionary : str, optional
        The dictionary whose bounds are shown; by default the operations of the program, whose bounds are sharper.
    methods, forms : sequences of str, optional
        Which rows.
    directions : int, optional
        How many, for one more row: so many directional slopes at once.
    worst : bool, optional
        Count the structural backward program that holds for all branches, not that of the branches taken.
    seed : int, optional
        Of the random probe of branch locking.
    time_limit : number of seconds, optional
        Bounds all of it.

    Returns
    -------
    CostReport
        A row for each method.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, do not fit, or the program has no value there.
    ParameterError
        A function cannot be traced, or an option makes no sense.
    LimitReached
        When the time is up.

    Notes
    -----
    Exact counts of the programs that are written, each linear in the size of the program (times the directions of the
    lexicographic row).  docs/cost.md has the model and the statements.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> report = sh.cost(lambda a, b, c: a * (b + c), [2, 3, 5], methods=["backward"])
    >>> report.ratio("backward", "textbook"), report.ratio("backward", "structural")
    (Fraction(5, 1), Fraction(1, 1))
    """
    limits = Limits.seconds(require_seconds(time_limit))
    seed = require_seed(seed)
    batch = require_positive(batch, "batch", "samples")
    if directions is not None:
        directions = require_positive(directions, "directions", "directions")
    weighed = Weights.from_text(weights) if isinstance(weights, str) else weights or Weights()
    line, chosen = program_of(program, point, wrt=wrt, batch=batch, limits=limits)
    found = Rows(
        line,
        line.given(None),
        chosen,
        weights=weighed,
        dictionary=None if dictionary is None else _dictionary(dictionary),
        worst=worst,
        directions=directions,
        seed=seed,
        limits=limits,
    )
    return CostReport(
        program=line.name,
        level=line.level,
        inputs=len(line.inputs),
        outputs=len(line.outputs),
        differentiated=len(chosen),
        weights=weighed,
        dictionary=dictionary,
        rows=tuple(found.all(methods, forms)),
    )


def backward(
    program: ProgramLike,
    form: str = "structural",
    *,
    at: Sequence[NumberLike] | None = None,
    wrt: str = "inputs",
) -> StraightLine:
    """The program that computes a program's outputs and all their gradients: it can be run, counted, derived again.

    Parameters
    ----------
    program : net, function or StraightLine
        As in ``cost``; a function without a point has the inputs that it declares.
    form : str, optional
        ``structural``, as a code generator emits it, or ``textbook``.
    at : sequence of numbers, optional
        A point: the structural program of the branches that are taken there, which refuses other branches.  Without
        it the program holds everywhere.
    wrt : str, optional
        ``inputs``, ``weights`` or ``both``, of a net.

    Returns
    -------
    StraightLine
        Its outputs are the m outputs and then, output by output, the slopes in the inputs that are differentiated, with
        relu'(0) = 0.  ``run``, ``counts``, and ``cost_model.net_files.as_net`` for a net file.

    Raises
    ------
    NetError, PointError, ParameterError
        As ``cost``.

    Notes
    -----
    Linear in the size of the program, for each output.  The textbook program costs omega_b times the evaluation at
    most, a constant of the dictionary (``dictionary(name).bounds()``).

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> gradient = sh.backward(lambda x: x * x * x)
    >>> gradient.run([2])
    (Fraction(8, 1), Fraction(12, 1))
    >>> sh.backward(gradient).run([2])[-1]  # the derivative of the last output: the second derivative
    Fraction(12, 1)
    """
    line, chosen = program_of(program, at if callable(program) else None, wrt=wrt)
    return backwards.backward(line, form, at=None if at is None else line.given(list(at)), wrt=chosen)


def forward(
    program: ProgramLike, directions: int = 1, form: str = "structural", *, wrt: str = "inputs"
) -> StraightLine:
    """The program that computes a program's outputs and their slopes along k directions, which are further inputs.

    Parameters
    ----------
    program : net, function or StraightLine
        As in ``backward``.
    directions : int, optional
        k.
    form : str, optional
        ``structural`` or ``textbook``.
    wrt : str, optional
        ``inputs``, ``weights`` or ``both``, of a net.

    Returns
    -------
    StraightLine
        Its inputs are those of the program and then the directions; its outputs the m outputs and then, direction by
        direction, m slopes.

    Raises
    ------
    NetError, PointError, ParameterError
        As ``cost``.

    Notes
    -----
    At a kink these are products with chosen slopes, relu'(0) = 0, and not directional derivatives.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> sh.forward(lambda x, y: x * y).run([3, 5, 1, 0])
    (Fraction(15, 1), Fraction(5, 1))
    """
    line, chosen = program_of(program, wrt=wrt)
    return forwards.forward(line, require_integer(directions, "directions"), form, wrt=chosen)
