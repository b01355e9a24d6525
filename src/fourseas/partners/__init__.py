"""Partners: who could work with whom, what either would gain, and how a list is drawn from it."""
