"""What each kind of evidence weighs, learned from one half of the strings of the benchmark.

A logistic regression (ridge 1 on standardized evidence) of whether a hit is the organisation that
the label names; `python -m benchmarks.link --fit` learns them anew from the same half.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS_OF_NAMES: Mapping[str, float] = {
    "always": -1.71,
    "told": 0.66,
    "little": -2.27,
    "n_words": -0.46,
    "starts_part": 0.75,
    "whole_part": 0.77,
    "whole_part_university": 0.62,
    "other_parts": -0.26,
    "last_part": 0.82,
    "share_of_text": 0.44,
    "own_name": 1.07,
    "as_written": 0.35,
    "reversed": -0.84,
    "acronym": -0.83,
    "long_acronym": 0.28,
    "university": 0.23,
    "unit": -0.19,
    "unnamed_university": -1.52,
    "member": -1.81,
    "system": -1.93,
    "inactive": -1.84,
    "in_country": 0.92,
    "in_other_country": -1.23,
    "in_city": 0.39,
    "city_in_name": 0.54,
    "n_bearers": -0.39,
    "bearer_as_near": -1.32,
    "bearer_as_written": -2.19,
    "in_country_of_bearers": -0.61,
    "in_city_of_bearers": 0.90,
    "n_rivals": -0.43,
    "rival_tells_more": -0.30,
    "rival_university": -0.86,
    "acronym_in_country": 2.13,
}
"""Of names that are there."""

WEIGHTS_OF_LIKENESS: Mapping[str, float] = {
    "always": -11.44,
    "told": 1.46,
    "little": -2.97,
    "n_words": -0.31,
    "whole_part_university": 0.47,
    "last_part": 0.74,
    "share_of_text": -1.90,
    "own_name": -0.39,
    "as_written": -0.13,
    "university": 0.47,
    "unit": -1.01,
    "unnamed_university": -1.44,
    "member": -2.25,
    "system": -3.45,
    "inactive": 0.97,
    "in_country": 0.78,
    "in_other_country": -2.33,
    "in_city": 1.99,
    "city_in_name": 0.46,
    "n_bearers": -0.53,
    "bearer_as_near": -2.48,
    "bearer_as_written": -0.56,
    "in_country_of_bearers": -2.58,
    "in_city_of_bearers": -5.79,
    "n_rivals": -0.06,
    "rival_tells_more": -2.86,
    "rival_university": -0.14,
    "likeness": 3.09,
    "coverage": 6.46,
}
"""Of names that are like the text; what these cannot show weighs nothing."""
