"""Evaluation: question sets, what counts as right, and the report. Runs whatever answers questions turn by turn."""
