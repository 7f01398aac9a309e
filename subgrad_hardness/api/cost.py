"""``cost``: what evaluating and differentiating a program costs, counted and bounded."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.api.cost_measured import decided_row, exact_times, timed_rows, with_times
from subgrad_hardness.api.cost_peers import measured_peers
from subgrad_hardness.api.cost_report import CostReport
from subgrad_hardness.api.cost_timing import environment
from subgrad_hardness.api.options import require_flag, require_positive, require_seconds, require_seed
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.cost_model.backward import FORMS
from subgrad_hardness.cost_model.dictionary_files import dictionary_or_file
from subgrad_hardness.cost_model.programs import ProgramLike, subject_of
from subgrad_hardness.cost_model.table import METHODS, Rows
from subgrad_hardness.cost_model.weights import Weights
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.vectors import exact_vector

#: Rounds in which calls are timed.
_REPEAT = 7


def cost(
    program: ProgramLike,
    point: Sequence[NumberLike] | None = None,
    *,
    wrt: str = "inputs",
    batch: int = 1,
    weights: Weights | str | None = None,
    dictionary: str | None = None,
    methods: Sequence[str] = tuple(METHODS),
    forms: Sequence[str] = FORMS,
    directions: int | Sequence[Sequence[NumberLike]] | None = None,
    worst: bool = False,
    seed: int = 0,
    measure: bool = False,
    decide: bool = False,
    peers: Sequence[str] = (),
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
        The dictionary whose bounds are shown, by its name or in a file; by default the operations of the program, whose
        bounds are sharper.  The operations are then carried out as the file says.
    methods, forms : sequences of str, optional
        Which rows; ``two-clarke`` is ``decide``.
    directions : int or rows of numbers, optional
        How many, for one more row: so many directional slopes at once.  Directions themselves are those of the
        lexicographic row, too.
    worst : bool, optional
        Count the structural backward program that holds for all branches, not that of the branches taken.
    seed : int, optional
        Of the random probe of branch locking.
    measure : bool, optional
        Time the program of every row as well, step by step on floats, and this package's exact calls on a net that can
        be decided.
    decide : bool, optional
        ``measure``, and one more row: the decision whether there are two Clarke subgradients, timed.
    peers : sequence of str, optional
        ``measure``, and time these frameworks, on one thread: ``torch``, ``jax``, ``autograd``, of a net of layers.
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
    Exact counts of the programs that would be written, each linear in the size of the program (the lexicographic row:
    times the directions): some seconds for a net of 10^6 weights.  docs/cost.md has the model and the statements.

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
    along: int | list[tuple[Fraction, ...]] | None = None
    if isinstance(directions, Sequence):
        along = [exact_vector(row, len(row), f"directions[{number}]") for number, row in enumerate(directions)]
    elif directions is not None:
        along = require_positive(directions, "directions", "directions")
    if "two-clarke" in methods:
        decide = True
    weighed = Weights.from_text(weights) if isinstance(weights, str) else Weights() if weights is None else weights
    if not isinstance(weighed, Weights):
        raise ParameterError("neither Weights nor their text", place="weights")
    subject = subject_of(program, point, wrt=wrt, batch=batch, limits=limits)
    chosen = None if dictionary is None else dictionary_or_file(dictionary)
    if chosen is not None:
        subject = subject.carried_out(chosen)
    found = Rows(
        subject,
        weights=weighed,
        dictionary=chosen,
        worst=worst,
        directions=along,
        seed=seed,
        limits=limits,
    )
    rows = found.all([name for name in methods if name != "two-clarke"], forms)
    decide = require_flag(decide, "decide")
    timed = require_flag(measure, "measure") or decide or bool(peers)
    if timed:
        net = subject.net if chosen is None or not chosen.own else None
        if peers and net is None:
            raise ParameterError("frameworks are measured on nets", place="peers")
        rows = timed_rows(found, rows, _REPEAT, limits)
        exact = exact_times(net, _REPEAT, limits) if net is not None and wrt == "inputs" and batch == 1 else {}
        rows = with_times(rows, "exact", exact)
        if net is not None and peers:
            swept = weighed.cost(found.counter.backward("structural", worst=True).counts)
            counted = swept / found.cost if found.cost else None
            times = measured_peers(net, peers, wrt=wrt, batch=batch, repeat=_REPEAT, counted=counted, limits=limits)
            for name in times:
                rows = with_times(rows, name, times[name])
        if decide and net is not None and exact:
            rows.append(decided_row(net, exact["evaluation"].seconds, limits))
        elif decide:
            found.notes.append("two-clarke: decided of piecewise-linear nets, in their inputs, one sample")
    return CostReport(
        program=subject.name,
        digest=None if subject.net is None else subject.net.digest,
        level=found.level,
        inputs=len(subject.point),
        outputs=found.outputs,
        differentiated=len(subject.wrt),
        weights=weighed,
        dictionary=None if chosen is None else chosen.name,
        rows=tuple(rows),
        notes=tuple(found.notes),
        environment=environment(peers) if timed else {},
    )
