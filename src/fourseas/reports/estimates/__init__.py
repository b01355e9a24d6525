"""Results of models as cards: what was estimated on what, with all that must be said of it."""
