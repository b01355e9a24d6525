"""The lake on disk: its directory, its engine, what is read into it and what is built from it."""
