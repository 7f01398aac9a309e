"""Algorithms as iterations, one file each; ``iterative.catalogue`` names them all."""
