"""Claims about openness, each in one file: what it says, what would refute it, and a verdict."""
