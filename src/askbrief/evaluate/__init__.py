"""How good the answers are: gold questions, measures, runs, reports and the gate.

Nothing here knows the index or a model: ``run`` is handed plain callables that ask and read.
"""
