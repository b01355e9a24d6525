"""Openness policies: written as documents, checked case by case or by the million, compared."""
