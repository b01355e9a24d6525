"""Texts of affiliations linked to the organisations and countries of a lake."""
