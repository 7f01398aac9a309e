"""Sums of relus by linear programming: ``domination`` and ``hulls``, two engines over one tree of phases (SPEC 5.4)."""
