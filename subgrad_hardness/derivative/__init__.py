"""Derivatives at a kink: lexicographic, autodiff, sampled, and all cells."""
