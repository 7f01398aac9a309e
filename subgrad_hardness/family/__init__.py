"""Generators of instances, one file a family (``contract.py``, ``registry.py``)."""
