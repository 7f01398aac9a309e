"""Encodings of the question for outside solvers; one file a target."""
