"""The exact piecewise-linear program: numbers, the DAG, evaluation, reading and writing.

This floor imports the standard library only; the certificate verifier stands on it alone.
"""
