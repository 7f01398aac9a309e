"""Decide, exactly and with proof, whether a ReLU network has two distinct Clarke subgradients."""

__version__ = "0.1.0"
