"""The first kinks that everybody draws."""

from __future__ import annotations

from shipped.instance import Instance, graph
from subgrad_hardness.net.program import Program

INSTANCES = (
    Instance(
        "abs",
        "|x|, the first kink of every lecture",
        "distinct",
        "slopes -1 and 1",
        Program.from_layers([[[1]]], activations=["abs"]),
    ),
    Instance("relu", "relu(x) at 0", "distinct", "slopes 0 and 1", Program.from_layers([[[1]]], activations=["relu"])),
    Instance("max", "max(x, y)", "distinct", "gradients (1,0) and (0,1)", graph("x y", "m = max x y", "m")),
    Instance(
        "max-plus-min",
        "max(x,y) + min(x,y) = x + y: two kinks that cancel",
        "unique",
        "the identity max + min = sum",
        graph("x y", "m = max x y; n = min x y; sum = m + n", "sum"),
    ),
    Instance(
        "sum-of-abs",
        "|x| + |y|",
        "distinct",
        "gradients (1,1) and (-1,-1)",
        graph("x y", "a = abs x; b = abs y; f = a + b", "f"),
    ),
    Instance(
        "abs-identity",
        "|x| + |y| - max(|x+y|, |x-y|) is zero everywhere",
        "unique",
        "the identity |x| + |y| = max(|x+y|, |x-y|)",
        graph(
            "x y", "a = abs x; b = abs y; s = x + y; t = x - y; c = abs s; d = abs t; m = max c d; f = a + b - m", "f"
        ),
    ),
    Instance(
        "median",
        "the median of three numbers",
        "distinct",
        "gradients e1, e2 and e3",
        graph("x y z", "low = min x y; high = max x y; inner = min high z; median = max low inner", "median"),
    ),
    Instance(
        "median-two-ways",
        "the median as max(min(x,y), min(max(x,y),z)) minus x+y+z-max-min",
        "unique",
        "both terms are the median",
        graph(
            "x y z",
            "low = min x y; high = max x y; inner = min high z; median = max low inner; top = max x y "
            "z; bottom = min x y z; f = median - x - y - z + top + bottom",
            "f",
        ),
    ),
    Instance(
        "wedge",
        "max(-y, min(0, -x))",
        "distinct",
        "-y > 0 gives (0,-1); y, x > 0, x < y gives (-1,0)",
        graph("x y", "zero = 0; mx = -x; my = -y; low = min zero mx; f = max my low", "f"),
    ),
    Instance(
        "ridge",
        "max(min(x, -y), y - x)",
        "distinct",
        "x = 1, y = -2 gives (1,0); x = -1, y = 1 gives (-1,1)",
        graph("x y", "my = -y; d = y - x; low = min x my; f = max low d", "f"),
    ),
    Instance(
        "hardtanh-corner",
        "hardtanh(x) at its corner x = 1",
        "distinct",
        "slopes 1 and 0",
        Program.from_layers([[[1]]], activations=["hardtanh"], point=[1]),
    ),
    Instance(
        "relu6-corner",
        "relu6(x) at its corner x = 6",
        "distinct",
        "slopes 1 and 0",
        Program.from_layers([[[1]]], activations=["relu6"], point=[6]),
    ),
    Instance(
        "leaky-without-leak",
        "leaky_relu with slope 1 is the identity: no kink at all",
        "unique",
        "leaky_1(t) = t",
        Program.from_layers([[[1, 2]]], activations=["leaky_relu"], slope=1),
    ),
    Instance(
        "leaky-identity",
        "leaky_s(x) + leaky_s(-x) - (1-s)|x| is zero, s = 1/3",
        "unique",
        "algebra",
        graph("x", "y = -x; a = leaky_relu(1/3) x; b = leaky_relu(1/3) y; c = abs x; f = a + b - 2/3 c", "f"),
    ),
)
