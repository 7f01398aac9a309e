"""The parts of ``stress.py``."""
