"""The cells of a central arrangement of hyperplanes, listed in bulk and counted: exact, without a linear program."""
