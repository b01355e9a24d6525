"""Indicators: pure functions from cells to numbers that say how they were counted."""
