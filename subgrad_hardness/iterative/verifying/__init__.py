"""Checks of claims about iterations, apart from the search on purpose: they import common, net and certificate only."""
