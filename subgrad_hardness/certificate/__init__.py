"""Certificates: writing them, and the independent verifier."""
