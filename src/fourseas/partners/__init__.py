"""Partners: who could gain from working together, and whether such advice was right in the past."""
