"""Shared challenges as lists that anybody can read, and the works that belong to them."""
