"""``sh.iterations``: the ready algorithms under one name."""

from subgrad_hardness.iterative import algorithms as iterations

__all__ = ["iterations"]
