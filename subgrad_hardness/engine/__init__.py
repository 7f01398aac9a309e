"""Engines that decide the question; one file each, one contract (``contract.py``)."""
