"""The tables behind ``scripts/make_corpus.py``: nets, true certificates, false ones, and files that are none."""
