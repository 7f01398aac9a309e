"""``info``: what a net is made of, and what its point looks like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar

from subgrad_hardness.api.options import require_seconds
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.results import NearestKink
from subgrad_hardness.api.shown import show_names, show_number, show_vector
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.local.localise import localise
from subgrad_hardness.models.reading import load
from subgrad_hardness.models.sizes import Sizes, tensor_sizes
from subgrad_hardness.net.forms import Row
from subgrad_hardness.net.lowering import Relu, Rewritten
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.normal_form.flatten import FlatNet, flatten
from subgrad_hardness.processes.channels import Channels
from subgrad_hardness.processes.limited import limited

#: What is known about the question, by the kinks behind one another.
_QUESTIONS = (
    "no kinks matter: differentiable at the point",
    "one hidden layer of kinks: decided in polynomial time",
    "{} kinks behind one another: NP-hard in general from two on",
)


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class NetInfo(Readable):
    """Sizes of a program and the kinks at its point.

    ``units`` counts the user's units (nodes, or rows over all layers), ``operations`` them by kind;
    ``relus`` and ``depth`` (most relus on a path from an input to an output) are of the rewritten
    program; ``weights`` counts nonzero coefficients, ``largest_digits`` the longest numerator or
    denominator among them and the biases.

    Of a model in tensors ``largest_digits`` counts a tensor's numbers over one denominator, and ``depth`` is that of
    its steps.

    ``kink_layers`` is the most kinks behind one another in the localised net, sums multiplied out.  With 0 the
    program is differentiable at the point, with 1 the question is decided in polynomial time (SPEC 1, "tractable
    classes"), from 2 on it is NP-hard in general.
    """

    form: str
    name: str | None
    digest: str
    inputs: tuple[str, ...]
    outputs: int
    units: int
    operations: dict[str, int]
    weights: int
    largest_digits: int
    relus: int
    depth: int
    point: tuple[Fraction, ...]
    value: tuple[Fraction, ...]
    kinks: int
    live_kinks: int
    kink_layers: int
    kink_names: tuple[str, ...]
    nearest_kink: NearestKink | None

    _columns: ClassVar[bool] = True

    def __repr__(self) -> str:
        sizes = f"{count(len(self.inputs), 'input')}, {count(self.outputs, 'output')}, {count(self.relus, 'relu')}"
        return f"<NetInfo: {self.form}, {sizes}, {count(self.kinks, 'kink')}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        nearest = self.nearest_kink
        kinks = f"{self.kinks}"
        if self.kinks:
            kinks += f", of which {self.live_kinks} can matter to an output, at {show_names(self.kink_names)}"
        lines = {
            "name": self.name or "(none)",
            "form": self.form,
            "inputs": f"{len(self.inputs)}: {show_names(self.inputs)}",
            "outputs": str(self.outputs),
            "units": f"{self.units} ({', '.join(f'{number} {name}' for name, number in self.operations.items())})",
            "weights": f"{self.weights} nonzero, numbers up to {count(self.largest_digits, 'digit')}",
            "rewritten": f"{count(self.relus, 'relu')}, at most {self.depth} on a path",
            "point": show_vector(self.point),
            "value": show_vector(self.value),
            "kinks": kinks,
            "question": _QUESTIONS[min(self.kink_layers, 2)].format(self.kink_layers),
            "nearest kink": "(none)" if nearest is None else f"|{nearest.node}| = {show_number(nearest.distance)}",
            "digest": self.digest,
        }
        return [f"{key:<13}{text}" for key, text in lines.items()]

    def to_json(self) -> dict[str, Any]:
        """The object that ``info --json`` prints."""
        nearest = self.nearest_kink
        return {
            "version": 1,
            "form": self.form,
            "name": self.name,
            "digest": self.digest,
            "inputs": list(self.inputs),
            "outputs": self.outputs,
            "units": self.units,
            "operations": self.operations,
            "weights": self.weights,
            "largest_digits": self.largest_digits,
            "relus": self.relus,
            "depth": self.depth,
            "point": [format_rational(entry) for entry in self.point],
            "value": [format_rational(entry) for entry in self.value],
            "kinks": self.kinks,
            "live_kinks": self.live_kinks,
            "kink_layers": self.kink_layers,
            "kink_names": list(self.kink_names),
            "nearest_kink": nearest and {"distance": format_rational(nearest.distance), "node": nearest.node},
        }


def info(net: NetLike, *, point: Sequence[NumberLike] | None = None, time_limit: float | None = None) -> NetInfo:
    """What a net is made of, and what its point looks like.

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    point : sequence of numbers, optional
        Replaces the net's own point: p numbers, floats taken exactly.
    time_limit : number of seconds, optional
        For everything, reading the net included; the work then runs in a worker process.

    Returns
    -------
    NetInfo
        Sizes of the net as it was written and as it is rewritten, its value, and the kinks at the point.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    ParameterError
        A time limit that is no number of seconds.
    LimitReached
        The time ran out.

    Notes
    -----
    About linear in the nonzeros, those of the kinks' rows multiplied out included.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> found = sh.info({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]})
    >>> found.relus, found.kinks, found.kink_names
    (2, 2, ('layers[0][0]',))
    """
    ended = limited(partial(_info, point=point), net, seconds=require_seconds(time_limit))
    if ended.result is None:
        raise LimitReached(ended.stopped)
    found: NetInfo = ended.result
    return found


def _info(net: NetLike, limits: Limits, _: Channels[NetInfo], *, point: Sequence[NumberLike] | None) -> NetInfo:
    """``info`` in this process, with limits that are looked at between steps only."""
    program = load(net, point)
    limits.check()
    local = localise(program, limits=limits)
    sizes = _sizes(program) if program.form.tensors is None else tensor_sizes(program.form.tensors)
    return NetInfo(
        form=program.form.kind,
        name=program.name,
        digest=program.digest,
        inputs=program.inputs,
        outputs=program.output_count,
        units=program.form.unit_count,
        operations=dict(sorted(sizes.operations.items())),
        weights=sizes.weights,
        largest_digits=max(1, sizes.bits * 30103 // 100000 + 1),
        relus=sizes.relus,
        depth=sizes.depth,
        point=program.point,
        value=local.value,
        kinks=len(local.kink_units),
        live_kinks=len(local.net.kinks),
        kink_layers=_kink_layers(flatten(local.net)),
        kink_names=tuple(dict.fromkeys(map(program.unit_name, dict.fromkeys(local.kink_units)))),
        nearest_kink=local.nearest and NearestKink(distance=local.nearest[0], node=program.unit_name(local.nearest[1])),
    )


def _sizes(program: Program) -> Sizes:
    """Those of a program whose units are written down."""
    rows = [node for node in program.rewritten.nodes if isinstance(node, Row)]
    bits = max(
        (abs(number).bit_length() for row in rows for number in (*row.coefficients, row.bias, row.denominator)),
        default=1,
    )
    return Sizes(
        operations=Counter(unit.operation for unit in program.form.units()),
        weights=sum(
            sum(1 for coefficient in unit.row.coefficients if coefficient) for unit in program.form.units() if unit.row
        ),
        bits=bits,
        relus=sum(1 for node in program.rewritten.nodes if isinstance(node, Relu)),
        depth=_depth(program.rewritten),
    )


def _kink_layers(flat: FlatNet) -> int:
    depths = [0] * flat.inputs
    for kink in flat.kinks:
        depths.append(1 + max((depths[variable] for variable in kink), default=0))
    return max((depths[variable] for output in flat.outputs for variable in output), default=0)


def _depth(lowered: Rewritten) -> int:
    depths = [0] * lowered.inputs
    for node in lowered.nodes:
        if isinstance(node, Relu):
            depths.append(depths[node.argument] + 1)
        else:
            depths.append(max((depths[argument] for argument in node.arguments), default=0))
    return max(depths[output] for output in lowered.outputs)
