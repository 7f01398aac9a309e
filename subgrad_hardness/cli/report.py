"""The answer of ``check`` for people, in a few lines."""

from __future__ import annotations

from subgrad_hardness.api.results import CheckResult
from subgrad_hardness.api.shown import show_matrix, show_names, show_number, show_vector
from subgrad_hardness.common.words import count
from subgrad_hardness.local.local_net import Matrix

# Larger Jacobians are cut when printed (results.show_matrix).
_SHOWN_ROWS, _SHOWN_ENTRIES = 4, 8


VERDICTS = {
    "distinct": "DISTINCT: there are two different Clarke subgradients here; F is not differentiable at the point.",
    "unique": "UNIQUE: there is exactly one Clarke subgradient here; F is differentiable at the point.",
    "unknown": "UNKNOWN: no exact answer.",
}


#: The same where only lexicographic subgradients are spoken of.
LEXICOGRAPHIC = {
    "distinct": "DISTINCT: there are two different lexicographic subgradients here; F is not differentiable there.",
    "unique": "UNIQUE: F is differentiable at the point, with this gradient.",
    "unknown": VERDICTS["unknown"],
}
#: Why (SPEC 6).
_BECAUSE = "smooth operations: lexicographic subgradients are decided; there may be more Clarke subgradients"


def report(result: CheckResult) -> list[str]:
    """The answer for people, in a few lines."""
    lines = [VERDICTS[result.verdict]]
    if result.statement == "lexicographic":
        lines = [LEXICOGRAPHIC[result.verdict], f"  ({_BECAUSE})"]
    if result.outer:
        lines.append(f"  this is about the program before {show_names(result.outer)}, whose values are irrational:")
        lines.append("  where it is differentiable so is the net; where it is not, they may hide that")
    if result.verdict == "unknown":
        lines.append(f"  why: {result.why}")
        if result.believed is not None:
            lines.append(f"  {result.believed.by} believes {result.believed.verdict}, in floating point: no proof")
    if result.point is not None and result.kinks is not None and result.kink_names is not None:
        kinks = f"{count(result.kinks, 'kink')} (relus of the rewriting at 0)"
        where = f" at {show_names(result.kink_names)}" if result.kink_names else ""
        lines.append(f"point: {show_vector(result.point)}, {kinks}{where}")
    if result.nearest_kink is not None:
        lines.append(
            f"  nearest {'other ' if result.kinks else ''}kink: {result.nearest_kink.node}, "
            f"preactivation {show_number(result.nearest_kink.distance)} from 0"
        )
    lines += _subgradients(result)
    lines += _autodiff(result)
    if result.cross_checks is not None:
        agreeing = [check.method for check in result.cross_checks if check.agrees]
        lines.append(f"cross-checked by: {', '.join(agreeing)}" if agreeing else "not cross-checked")
        lines += [f"  {check.method} skipped: {check.why}" for check in result.cross_checks if check.agrees is None]
    elif result.verdict != "unknown":
        lines.append("not cross-checked")
    if result.verdict != "unknown":
        certified = (
            "by a certificate that the independent verifier accepted" if result.certified else f"no ({why_not(result)})"
        )
        lines.append(f"decided by: {result.solver} ({result.why})")
        lines.append(f"certified: {certified}")
    lines.append(f"{result.seconds:.3f} s")
    return lines


def _subgradients(result: CheckResult) -> list[str]:
    if not result.subgradients:
        return []
    if result.verdict != "distinct" or result.separating_direction is None:
        only = "the gradient" if result.statement == "lexicographic" else "the only subgradient"
        which = only if result.verdict == "unique" else "one subgradient"
        return [f"{which}: {show_matrix(result.subgradients[0])}"]
    first, second = result.subgradients
    direction = result.separating_direction
    along = [
        [sum((entry * step for entry, step in zip(row, direction, strict=True)), start=row[0] * 0) for row in matrix]
        for matrix in (first, second)
    ]
    # More digits, up to a point, until people can see the difference.
    digits = next((n for n in (7, 16, 40) if show_matrix(first, digits=n) != show_matrix(second, digits=n)), 7)
    return [
        f"subgradient 1: {show_matrix(first, digits=digits)}",
        f"subgradient 2: {show_matrix(second, digits=digits)}",
        *_differences(first, second),
        f"they differ along d = {show_vector(direction)}: F'(x0; d) = {show_vector(along[1])}, "
        f"but subgradient 1 gives {show_vector(along[0])}",
    ]


def _differences(first: Matrix, second: Matrix) -> list[str]:
    """Where two Jacobians differ, if they are too large to be printed whole."""
    if len(first) <= _SHOWN_ROWS and len(first[0]) <= _SHOWN_ENTRIES:
        return []
    places = [
        (output, index)
        for output, (row, other) in enumerate(zip(first, second, strict=True))
        for index, (x, y) in enumerate(zip(row, other, strict=True))
        if x != y
    ]
    shown = ", ".join(
        f"[{output}][{index}] ({show_number(first[output][index])} / {show_number(second[output][index])})"
        for output, index in places[:4]
    )
    return [f"  they differ in {count(len(places), 'entry', 'entries')}: {shown}{', ...' if len(places) > 4 else ''}"]


def _autodiff(result: CheckResult) -> list[str]:
    if result.autodiff is None or not result.subgradients:
        return []
    gradient = result.autodiff.gradient
    if gradient in result.subgradients:
        number = result.subgradients.index(gradient) + 1
        judgement = f"which is {'the subgradient' if result.verdict == 'unique' else f'subgradient {number}'}"
    else:
        judgement = {
            True: "which is another Clarke subgradient, a convex combination",
            False: "which is NOT a Clarke subgradient",
            None: "which is none of the above; whether it is another Clarke subgradient was not decided",
        }[result.autodiff.clarke]
    line = f"backpropagation of the program (relu'(0) = 0) returns {show_matrix(gradient)}, {judgement}"
    agree = {
        True: "every choice of relu'(0) gives the same",
        False: "other choices of relu'(0) give other results",
        None: "whether other choices of relu'(0) agree was not decided in time",
    }
    return [line, f"  {agree[result.autodiff.singleton]}"]


def why_not(result: CheckResult) -> str:
    """Why an answer has no certificate."""
    return result.uncertified or "the time ran out"
