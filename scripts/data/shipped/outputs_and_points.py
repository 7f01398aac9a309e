"""Several outputs, and points away from the origin."""

from __future__ import annotations

from shipped.instance import Instance, graph
from subgrad_hardness.net.program import Program

INSTANCES = (
    Instance(
        "one-output-kinks",
        "(x + y, |x - y|): only the second output has a kink",
        "distinct",
        "second rows (1,-1) and (-1,1)",
        graph("x y", "s = x + y; t = x - y; d = abs t", "s d"),
    ),
    Instance(
        "sorting",
        "(max(x,y), min(x,y)): sorting two numbers",
        "distinct",
        "the identity and the exchange",
        graph("x y", "m = max x y; n = min x y", "m n"),
    ),
    Instance(
        "outputs-all-linear",
        "(max + min, relu(x) - relu(-x)): kinks in both outputs, both linear",
        "unique",
        "max + min = x + y; relu(x) - relu(-x) = x",
        graph("x y", "m = max x y; n = min x y; s = m + n; mx = -x; a = relu x; b = relu mx; t = a - b", "s t"),
    ),
    Instance(
        "away-on-kink",
        "|x - 1| + |y| at (1, 5)",
        "distinct",
        "gradients (1,1) and (-1,1)",
        Program.from_layers([[[1, 0], [0, 1]], [[1, 1]]], biases=[[-1, 0], None], activations="abs", point=[1, 5]),
    ),
    Instance(
        "away-off-kink",
        "|x - 1| + |y| at (1/2, 5): differentiable, the nearest kink 1/2 away",
        "unique",
        "no kink at the point",
        Program.from_layers([[[1, 0], [0, 1]], [[1, 1]]], biases=[[-1, 0], None], activations="abs", point=["1/2", 5]),
    ),
    Instance(
        "away-mixed",
        "active, inactive and kinked neurons in two layers, at (1, 1)",
        "distinct",
        "near (1,1) the net is relu(x - y) + x + y - 1",
        Program.from_layers(
            [[[1, -1], [1, 1], [-1, -1]], [[1, 1, 5]]],
            biases=[[0, -1, 1], None],
            activations=["relu", "relu"],
            point=[1, 1],
        ),
    ),
    Instance(
        "trained-doubles",
        "a net with double weights at a data point, as training leaves it",
        "unique",
        "no kink at the point",
        Program.from_layers(
            [
                [
                    [0.1375, -0.5861, 0.2214],
                    [-0.3311, 0.0412, 0.7712],
                    [0.9123, 0.1177, -0.4405],
                    [-0.0529, -0.6418, 0.3087],
                ],
                [[0.4471, -0.2209, 0.6158, 0.1093], [-0.5137, 0.8814, 0.0275, -0.3642]],
            ],
            biases=[[0.0132, -0.0417, 0.0008, 0.0291], [0.0021, -0.0146]],
            point=[0.25, -1.5, 0.7],
        ),
    ),
)
