"""Partners as cards: who could be one, what a pair is to each other, and why not another."""
