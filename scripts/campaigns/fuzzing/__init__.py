"""The parts of ``fuzz.py``: random nets, judging one, shrinking one, the campaign's record."""
