"""What an engine is asked: is F'(x0; .) linear?"""

from __future__ import annotations

from operator import mul
from typing import NamedTuple

from subgrad_hardness.local.local_net import LocalNet


class Question(NamedTuple):
    """Is there a direction d with F'(x0; d) != g d?

    ``reference`` is g before the output scales (m rows of p integers), any element of d_L; ``seed``
    drives whatever an engine draws at random.
    """

    net: LocalNet
    reference: tuple[tuple[int, ...], ...]
    seed: int = 0

    def separates(self, direction: tuple[int, ...]) -> bool:
        """Whether F'(x0; d) != g d, exactly; one forward pass."""
        values = self.net.output_values(direction)
        return any(value != sum(map(mul, row, direction)) for value, row in zip(values, self.reference, strict=True))
