"""Many nets: a stream of independent items, each decided once, that survives kill -9.

``names`` finds the nets, ``item`` says what is done to each and what comes out, ``deciding`` does it,
``processes.workers`` carries items to processes, ``journal`` keeps the lines, ``tally`` counts, and
``stream`` puts them together.
"""
