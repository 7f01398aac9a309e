"""Solvers that ``scripts/benchmarks/benchmark.py`` measures: ours and its peers, one file each, of one contract.

Every solver module has ``prepare() -> str`` (do all imports, return the version) and
``solve(problem, seconds) -> Outcome`` (``contract``).  ``process`` runs one solver on one problem in a
process of its own, whose other end is ``child``: ortools and highspy cannot share a process, and
nothing else can stop a solver that is inside C code.
"""
