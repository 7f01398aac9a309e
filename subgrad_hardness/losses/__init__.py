"""Nets in their parameters, losses and minibatches as programs (SPEC 6)."""
