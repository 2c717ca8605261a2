"""Training of the ranker, from our own cards only; not needed at run time."""
