"""How good the answers are: gold questions, measures, runs, reports and the gate.

Only ``archive`` knows the index and the readers; ``run`` takes plain callables that ask and read.
"""
