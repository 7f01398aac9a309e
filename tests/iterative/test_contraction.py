"""Contractions: certified rates against steps that are made, and the step from which slopes are those of the limit."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.iterative.contraction import MOST_PIECES, MOST_RELUS, Identification
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.spectral_radius.measures import dual_size_of, root_above, size_of


def _random(stream: Stream, size: int, kinks: int) -> Iteration:
    """x <- C relu(V x + e) + r, of row sums about one."""
    inner = [[stream.integer(-3, 3) for _ in range(size)] for _ in range(kinks)]
    outer = [[Fraction(stream.integer(-3, 3), 4 * kinks * size) for _ in range(kinks)] for _ in range(size)]
    layers = [
        {"weight": inner, "bias": [stream.integer(-3, 3) for _ in range(kinks)], "activation": "relu"},
        {"weight": [list(map(str, row)) for row in outer], "bias": [stream.integer(-2, 2) for _ in range(size)]},
    ]
    names = [f"x{index}" for index in range(size)]
    start = [stream.integer(-40, 40) for _ in range(size)]
    return Iteration({"inputs": names, "layers": layers}, names, start=start)


def _signs(iteration: Iteration, state: tuple[Fraction, ...]) -> list[int]:
    values = []
    for row in iteration.program_at(state).form.layers[0].rows:  # type: ignore[attr-defined]
        total = sum([c * state[j] for j, c in zip(row.arguments, row.rationals(), strict=True)], Fraction(0))
        total += Fraction(row.bias, row.denominator)
        values.append((total > 0) - (total < 0))
    return values


def test_rates_and_identification_against_exact_runs() -> None:
    stream, proved, late = Stream(11, "contractions"), 0, 0
    for _ in range(12):
        iteration = _random(stream, stream.integer(1, 2), stream.integer(1, 3))
        found = sh.contraction(iteration)
        if found.everywhere is None:
            continue
        proved += 1
        assert found.near is not None and found.certificate_everywhere is not None and found.identified is not None
        assert sh.verify_spectral_radius(found.certificate_everywhere).verdict == "bounded"
        upper = found.certificate_everywhere.upper
        assert found.fixed_point is not None
        assert upper is not None and upper.bound == found.everywhere < 1
        state, limit = iteration.start, found.fixed_point
        at_limit = _signs(iteration, limit)
        size = size_of(upper.norm, [x - y for x, y in zip(state, limit, strict=True)])
        late += found.identified > 0
        for step in range(min(found.identified, 30) + 8):
            if step >= found.identified:  # nothing but kinks of the limit may have another sign
                assert all(b in (0, a) for a, b in zip(_signs(iteration, state), at_limit, strict=True))
            following = iteration.step(state)
            after = size_of(upper.norm, [x - y for x, y in zip(following, limit, strict=True)])
            assert after <= found.everywhere * size * (1 + Fraction(1, 10**6))
            state, size = following, after
    assert proved >= 8 and late >= 5


def test_near_but_not_everywhere() -> None:
    # Slope 1/2 near 0, and -3 beyond 4: |x| <= 1 stays near 0.
    program = sh.Program.from_text("inputs x; z = x - 4; r = relu z; f = 1/2 x - 7/2 r; outputs f")
    found = sh.contraction(Iteration(program, ["x"], start=[1]))
    assert (found.near, found.everywhere, found.radius, found.identified) == (Fraction(1, 2), None, Fraction(4), 0)
    assert found.gap == (Fraction(4), "r")
    assert sh.contraction(Iteration(program, ["x"], start=[-5]), fixed_point=[0]).identified is None
    data = json.loads(json.dumps(found.to_json()))
    assert (data["near"], data["everywhere"], data["radius"]) == ("1/2", None, "4")


def test_a_kink_below_a_relu_is_bounded_by_its_slopes() -> None:
    # a = relu x is a kink at 0; z = 1 - 2 a stands at 1, and changes its sign where x = 1/2.
    program = sh.Program.from_text("inputs x; a = relu x; z = 1 - 2 a; r = relu z; f = 1/4 x + 1/8 r - 1/8; outputs f")
    found = sh.contraction(Iteration(program, ["x"], start=["1/4"]), fixed_point=[0])
    assert found.radius == Fraction(1, 2) and found.identified == 0


def test_with_too_many_relus_a_bound_may_be_too_weak() -> None:
    size = 7  # 3^7 pieces
    assert 3**size > MOST_PIECES and 2 * size > MOST_RELUS
    rows = [[int(i == j) for j in range(size)] for i in range(size)]
    both = [*rows, *[[-entry for entry in row] for row in rows]]
    layers = [
        {"weight": both, "bias": [-1] * (2 * size), "activation": "relu"},
        {"weight": [[f"{2 * entry}/3" for entry in row] + [f"{-2 * entry}/3" for entry in row] for row in rows]},
    ]
    names = [f"x{index}" for index in range(size)]
    found = sh.contraction(Iteration({"inputs": names, "layers": layers}, names))
    assert (found.everywhere, found.near, found.radius) == (None, Fraction(0), Fraction(1))


def test_a_large_layer_is_bounded_entry_by_entry() -> None:
    stream, size = Stream(8, "layer"), 20
    assert size > MOST_RELUS
    weight = [[Fraction(stream.integer(-3, 3), 4 * size) for _ in range(size)] for _ in range(size)]
    names = [f"x{index}" for index in range(size)]
    bias = [stream.integer(-2, 2) for _ in range(size)]
    layer = {"weight": [list(map(str, row)) for row in weight], "bias": bias, "activation": "relu"}
    found = sh.contraction(Iteration({"inputs": names, "layers": [layer]}, names, start=[9] * size))
    assert found.everywhere is not None and found.certificate_everywhere is not None and found.identified is not None
    (matrix,) = found.certificate_everywhere.matrices
    assert matrix == tuple([tuple(map(abs, row)) for row in weight])
    assert found.everywhere <= max(sum(row) for row in matrix) < 1
    assert sh.verify_spectral_radius(found.certificate_everywhere).verdict == "bounded"


def test_roots_and_dual_norms_are_never_too_small() -> None:
    for value in (Fraction(0), Fraction(2), Fraction(1, 3), Fraction(10**40, 7), Fraction(1, 10**40)):
        root = root_above(value)
        assert root * root >= value and root * root <= value * (1 + Fraction(1, 2**20))
    certificate = sh.contraction(_random(Stream(2, "dual"), 2, 2)).certificate_everywhere
    assert certificate is not None and certificate.upper is not None
    norm, stream = certificate.upper.norm, Stream(4, "dual")
    for _ in range(30):
        row, vector = ([Fraction(stream.integer(-9, 9)) for _ in range(2)] for _ in range(2))
        if any(vector):
            assert abs(row[0] * vector[0] + row[1] * vector[1]) <= dual_size_of(norm, row) * size_of(norm, vector)


def test_the_step_of_identification_is_the_least_one() -> None:
    stream = Stream(5, "steps")
    for turn in range(200):
        rho = Fraction(stream.integer(1, 9), stream.integer(10, 12))
        radius = rho ** stream.integer(0, 6) if turn % 2 else Fraction(stream.integer(1, 50), 50)
        steps = Identification(radius, Fraction(1)).steps(rho)
        assert rho**steps < radius and (not steps or rho ** (steps - 1) >= radius)
    slow = Identification(Fraction(1, 1000), Fraction(1))
    assert slow.steps(1 - Fraction(1, 10**6)) == 6907752
    assert slow.steps(1 - Fraction(1, 10**17)) == 690775527898213702


def _smooth(text: str, start: list[Any], theta: list[Any], size: int = 1) -> sh.Iteration:
    program = sh.Program.from_text(text)
    return sh.Iteration(program, program.inputs[:size], start=start, theta=theta)


def test_smooth_functions_on_the_whole_space() -> None:
    """Where slopes are bounded: parameters times states, products of what saturates; nothing is said otherwise."""
    q = np.array([[2, 1], [1, 3]])
    ridge = sh.contraction(sh.iterations.ridge(q.tolist(), [1, 2], "1/2", "1/4"))
    exact = np.abs(np.linalg.eigvalsh(np.eye(2) - (q + np.eye(2) / 2) / 4)).max()
    assert exact <= ridge.everywhere < exact + 1e-2 and ridge.near is not None and ridge.identified is None
    text = "inputs x y t; a = hardtanh x; b = square a; c = hardtanh y; d = mul a c; f = 1/5 b + 1/8 d + t; g = 1/3 d"
    bounded = sh.contraction(_smooth(f"{text}; outputs f g", [0, 0], ["1/7"], 2))
    assert bounded.everywhere is not None and bounded.everywhere < 1 and bounded.certificate_everywhere is not None
    assert sh.verify_spectral_radius(bounded.certificate_everywhere).verdict == "bounded"
    square = _smooth("inputs x t; s = square x; f = 1/4 s + t; outputs f", [0], ["3/4"])
    open_one = sh.contraction(square)
    assert (open_one.everywhere, open_one.near) == (None, Fraction(1, 2))
    assert open_one.inside is None
    assert open_one.invariant is None
    assert "was not proved" in open_one.explain()


def test_a_box_of_states() -> None:
    root = _smooth("inputs x t; d = div t x; f = 1/2 x + 1/2 d; outputs f", [1], [2])
    found = sh.contraction(root, box=([1.25], [1.75]))
    assert (found.fixed_point, found.everywhere, found.invariant) == (None, None, True)
    assert found.to_json()["inside"] is not None
    slopes = [abs(1 / 2 - 1 / x**2) for x in np.linspace(1.25, 1.75, 99)]
    assert found.inside is not None
    assert max(slopes) <= float(found.inside) + 1e-12 < 0.5
    wide = sh.contraction(root, box=([Fraction(1, 10)], [1]))
    assert (wide.inside, wide.invariant) == (None, False)
    assert sh.contraction(root, box=([-1], [1])).inside is None  # a pole
    relu = sh.contraction(_smooth("inputs x t; r = relu x; f = 3 r - 2 x + t; outputs f", [0], [0]), box=([1], [2]))
    assert (relu.inside, relu.everywhere) == (None, None)
    half = sh.contraction(
        _smooth("inputs x t; r = relu x; f = 1/2 r - 1/4 x + t; outputs f", [0], [0]), box=([-1], [1])
    )
    assert (half.inside, half.invariant, half.everywhere) == (Fraction(1, 4), True, Fraction(1, 4))
    for box in (([1, 2], [2, 3]), ([2], [1]), "x", ([1],)):
        with pytest.raises(sh.PointError, match="box"):
            sh.contraction(root, box=box)  # type: ignore[arg-type]


def test_rates_in_boxes_bound_differences() -> None:
    """Random polynomial maps of the plane, against differences of their values in the norm of the certificate."""
    random = np.random.default_rng(3)
    proved = 0
    for _ in range(12):
        k = [f"{entry}/40" for entry in random.integers(-6, 7, 8)]
        nodes = [
            {"id": "a", "op": "square", "args": ["x"]},
            {"id": "b", "op": "mul", "args": ["x", "y"]},
            {"id": "c", "op": "relu", "args": ["y"]},
            {"id": "f", "op": "affine", "args": ["x", "y", "a", "b", "t"], "coefficients": [*k[:4], 1]},
            {"id": "g", "op": "affine", "args": ["x", "c", "a", "b"], "coefficients": k[4:]},
        ]
        net = {"inputs": ["x", "y", "t"], "nodes": nodes, "outputs": ["f", "g"]}
        iteration = sh.Iteration(net, ["x", "y"], theta=["1/9"])
        found = sh.contraction(iteration, box=([-1, -1], [1, 1]))
        if found.inside is None:
            continue
        proved += 1
        norm = found.certificate_inside.upper.norm  # type: ignore[union-attr]
        for _ in range(20):
            x, y = ([Fraction(int(entry), 64) for entry in random.integers(-64, 65, 2)] for _ in range(2))
            images = [iteration.step(x), iteration.step(y)]
            if found.invariant:
                assert all(abs(entry) <= 1 for image in images for entry in image)
            sizes = [size_of(norm, [p - q for p, q in zip(*pair, strict=True)]) for pair in (images, (x, y))]
            assert sizes[0] <= found.inside * sizes[1]
    assert proved >= 6
