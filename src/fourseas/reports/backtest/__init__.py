"""Advice on partners held against the past: what is read, and how it is told."""
