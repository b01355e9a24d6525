"""Registers, one module each: the keys that are read of its files, and what they mean here."""
