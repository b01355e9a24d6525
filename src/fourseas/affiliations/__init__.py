"""Organisations and countries read from the text of an affiliation; nothing here reads a disk."""
