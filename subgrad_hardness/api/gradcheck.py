"""``gradcheck``: a gradient beside one-sided slopes, without tolerances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from subgrad_hardness.api import audit_jax, audit_tensorflow, audit_torch
from subgrad_hardness.api.audit import audit
from subgrad_hardness.api.audit_result import AuditResult
from subgrad_hardness.api.contains import MatrixLike
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_matrix, show_number
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.derivative.autodiff import backpropagate
from subgrad_hardness.local.localise import localise
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.program import Program

if TYPE_CHECKING:
    from subgrad_hardness.models.torch_arguments import Wrt


@dataclass(frozen=True, kw_only=True, slots=True)
class Slopes:
    """One entry of a gradient beside the slopes of output ``output`` along the axis of ``name``.

    Attributes
    ----------
    left, right : the exact slopes from the left and to the right.
    step : a power of two; F is affine between the point and the point plus, and minus, this much, so that a difference
        with this step is no approximation.  None where F has smooth operations.
    entry : what was returned, exactly.
    """

    output: int
    name: str
    left: Fraction
    right: Fraction
    step: Fraction | None
    entry: Fraction

    @property
    def kink(self) -> bool:
        """Whether there is no partial derivative."""
        return self.left != self.right

    def __str__(self) -> str:
        entry, left, right = map(show_number, (self.entry, self.left, self.right))
        where = f"output {self.output}, {self.name}"
        if self.kink:
            return f"{where}: {entry}; KINK, slopes {left} from the left and {right} to the right"
        said = "" if self.entry == self.left else "; NOT the"
        return f"{where}: {entry}{said} slope {left}" if said else f"{where}: {entry}, the slope"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class GradcheckResult(Readable):
    """Whether a gradient is a Clarke subgradient, and how it stands to the slopes along the axes.

    Attributes
    ----------
    passed : whether it is (up to proved rounding); None: not known within the limits.
    slopes : by output and axis.
    audit : the audit that says so.
    """

    passed: bool | None
    slopes: tuple[Slopes, ...]
    audit: AuditResult

    def __bool__(self) -> bool:
        return self.passed is True

    def __repr__(self) -> str:
        kinks = sum(each.kink for each in self.slopes)
        said = {True: "passed", False: "FAILED", None: "not decided"}[self.passed]
        return f"<GradcheckResult: {said}, {self.audit.verdict}; kinks along {kinks} of {len(self.slopes)} axes>"

    def lines(self) -> list[str]:
        """The answer for people: the verdict, the slopes along the axes, the audit."""
        said = {True: "PASSED", False: "FAILED", None: "NOT DECIDED"}[self.passed]
        head = f"{said}: {show_matrix(self.audit.gradient)} against the slopes along the axes"
        return [head, *[f"  {each}" for each in self.slopes], *self.audit.lines()]


def gradcheck(
    net: Any,
    x: Any = None,
    *,
    gradient: MatrixLike | None = None,
    loss: Callable[[Any], Any] | None = None,
    wrt: Wrt = "inputs",
    mode: str = "backward",
    seed: int = 0,
    time_limit: float | None = None,
) -> GradcheckResult:
    """Check a gradient in the manner of torch.autograd.gradcheck, but exactly, and knowing kinks.

    Parameters
    ----------
    net : path, mapping, Program, a torch module, a model of Keras, or a function
        What is differentiated; a function by torch or TensorFlow where ``x`` is a tensor of theirs, and else by jax.
    x : sequence of numbers, a tensor, or an array
        The point; a net has one of its own.
    gradient : optional
        What is to be checked; without it the gradient that the framework returns for a module or function, or
        backpropagation of the net with relu'(0) = 0.
    loss, wrt : optional
        Of a torch module or function, as in ``audit_torch``.
    mode : ``"backward"`` or ``"forward"``
        In which torch or jax differentiates.
    seed : int
        As in ``audit``.
    time_limit : optional
        Seconds for the audit.

    Returns
    -------
    GradcheckResult
        True if the gradient is a Clarke subgradient, exactly or, for a rounded one, up to a proved bound.

    Raises
    ------
    NetError, PointError, ParameterError, LimitReached
        As ``audit``, ``audit_torch``, ``audit_jax`` and ``audit_tensorflow``.

    Notes
    -----
    Differences are taken inside a cell only, where they are exact: F'(x; e) times a step that is short enough.  An
    entry between two slopes says little about several entries together; the verdict is ``audit``'s.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.Program.from_text("inputs x; m = -x; a = relu x; b = relu m; f = a - b; outputs f")  # f(x) = x
    >>> found = sh.gradcheck(net, [0])
    >>> found
    <GradcheckResult: FAILED, conservative; kinks along 0 of 1 axes>
    >>> print(found.slopes[0])
    output 0, x: 0; NOT the slope 1
    >>> bool(sh.gradcheck(net, [0], gradient=[1]))
    True
    """
    of_torch = callable(net) and audit_torch.is_torch(net, x)
    if not of_torch and (loss is not None or wrt != "inputs"):
        raise ParameterError("is for torch modules and functions", place="wrt" if loss is None else "loss")
    if callable(net):
        if x is None:
            raise ParameterError("a module or function has no point of its own: gradcheck(module, x)", place="x")
        program_of, asking = _read_by(net, x)
        if of_torch:
            options: dict[str, Any] = {"loss": loss, "wrt": wrt}
            program_of, asking = partial(audit_torch.program_of, **options), partial(audit_torch.audit_torch, **options)
        program = program_of(net, x)
        if gradient is None:
            found = asking(net, x, mode=mode, seed=seed, time_limit=time_limit)
        else:
            found = audit(program, gradient, seed=seed, time_limit=time_limit)
    else:
        if mode != "backward":
            raise ParameterError("is for torch modules and functions", place="mode")
        program = load(net, x)
        given: Any = gradient
        precision: str | None = None
        if given is None:
            local = localise(program).net
            given, precision = backpropagate(local, [0] * len(local.kinks)), "exact"
        found = audit(program, given, precision=precision, seed=seed, time_limit=time_limit)
    return GradcheckResult(passed=found.is_clarke, slopes=tuple(_slopes(program, found.vector)), audit=found)


def _read_by(f: Any, x: Any) -> tuple[Callable[[Any, Any], Program], Callable[..., AuditResult]]:
    """What reads a model or function that is not torch's, and what audits its gradient."""
    parts = x if isinstance(x, tuple) else (x,)
    if hasattr(f, "trainable_variables") or any(type(each).__module__.startswith("tensorflow.") for each in parts):
        return audit_tensorflow.program_of, audit_tensorflow.audit_tensorflow
    return audit_jax.program_of, audit_jax.audit_jax


def _slopes(program: Program, jacobian: Sequence[Sequence[Fraction]]) -> list[Slopes]:
    local = localise(program)
    count = program.input_count
    made = []
    for axis, name in enumerate(program.inputs):
        unit = [Fraction(int(index == axis)) for index in range(count)]
        right = local.net.derivative(unit)
        left = [-slope for slope in local.net.derivative([-entry for entry in unit])]
        step = _step(program, axis) if program.piecewise_linear else None
        for output, row in enumerate(jacobian):
            made.append(
                Slopes(
                    output=output,
                    name=name,
                    left=left[output],
                    right=right[output],
                    step=step,
                    entry=row[axis],
                )
            )
    return sorted(made, key=_output)


def _output(slopes: Slopes) -> int:
    return slopes.output


def _step(program: Program, axis: int) -> Fraction:
    """A power of two, at most 1, such that no preactivation changes its sign within it, on either side."""
    reach = min(_reach(program, axis, side) for side in (-1, 1))
    step = Fraction(2) ** (reach.numerator.bit_length() - reach.denominator.bit_length())
    return step if step <= reach else step / 2


def _reach(program: Program, axis: int, side: int) -> Fraction:
    """How far along the axis, up to 1, every preactivation keeps the sign that it has right behind the point."""
    reach, zero = Fraction(1), Fraction(0)
    values = list(program.point)
    slopes = [Fraction(side * (index == axis)) for index in range(len(values))]
    for node in program.lowered.nodes:
        if isinstance(node, Relu):
            start, slope = values[node.argument], slopes[node.argument]
            if start * slope < 0:
                reach = min(reach, -start / slope)
            passes = start > 0 or (not start and slope > 0)
            values.append(start if passes else zero)
            slopes.append(slope if passes else zero)
            continue
        terms = list(zip(node.arguments, node.coefficients, strict=True))
        total = sum([weight * values[argument] for argument, weight in terms], Fraction(node.bias))
        values.append(total / node.denominator)
        slopes.append(sum([weight * slopes[argument] for argument, weight in terms], zero) / node.denominator)
    return reach
