"""What the program says when it is called without anything."""

from __future__ import annotations

FIRST = """\
subgrad-hardness decides, exactly and with proof, the local nonsmooth geometry of ReLU networks.

Try first, in an empty folder:

  # a net whose backpropagation leaves Clarke's subdifferential: 2 relu(x) - relu(-x) - x
  echo 'inputs x; a = relu x; m = -x; b = relu m; f = 2 a - b - x; outputs f' > first.net

  subgrad-hardness check first.net              are there two Clarke subgradients at the origin?
  subgrad-hardness gradient first.net           what backpropagation returns there
  subgrad-hardness contains first.net -1        is that a subgradient at all?
  subgrad-hardness generate list                families of nets with known answers

subgrad-hardness --help lists all commands, subgrad-hardness COMMAND --help explains one,
subgrad-hardness doctor says what is installed and whether it works.
"""
