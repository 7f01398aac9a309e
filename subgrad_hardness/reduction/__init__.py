"""Reductions from other problems to the question; one file a source problem (``contract.py``)."""
