"""The tables behind ``scripts/data/make_corpus.py``: nets, true certificates, false ones, and files that are none."""
