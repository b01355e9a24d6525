"""Finding what is in a lake by words."""
