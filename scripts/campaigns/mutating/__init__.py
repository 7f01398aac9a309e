"""The parts of ``mutate_certificates.py`` and ``mutate_verifier.py``: the faults, and what is said of them."""
