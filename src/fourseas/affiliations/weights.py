"""What each kind of evidence weighs, learned from one half of the strings of the benchmark.

A logistic regression (ridge 1 on standardized evidence) of whether a hit is the organisation that
the label names; `python benchmarks/link.py --fit` learns them anew from the same half.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS_OF_NAMES: Mapping[str, float] = {
    "always": -1.71,
    "told": 0.66,
    "little": -2.28,
    "n_words": -0.46,
    "starts_part": 0.75,
    "whole_part": 0.76,
    "whole_part_university": 0.63,
    "other_parts": -0.27,
    "last_part": 0.82,
    "share_of_text": 0.44,
    "own_name": 1.08,
    "as_written": 0.35,
    "reversed": -0.84,
    "acronym": -0.83,
    "long_acronym": 0.29,
    "university": 0.23,
    "unit": -0.19,
    "unnamed_university": -1.53,
    "member": -1.83,
    "system": -1.93,
    "inactive": -1.84,
    "in_country": 0.89,
    "in_other_country": -1.03,
    "in_city": 0.40,
    "city_in_name": 0.55,
    "n_bearers": -0.39,
    "bearer_as_near": -1.32,
    "bearer_as_written": -2.19,
    "in_country_of_bearers": -0.58,
    "in_city_of_bearers": 0.88,
    "n_rivals": -0.43,
    "rival_tells_more": -0.30,
    "rival_university": -0.87,
    "acronym_in_country": 2.15,
}
"""Of names that are there."""

WEIGHTS_OF_LIKENESS: Mapping[str, float] = {
    "always": -10.97,
    "told": 1.37,
    "little": -3.02,
    "n_words": -0.28,
    "whole_part_university": 0.43,
    "last_part": 0.67,
    "share_of_text": -1.82,
    "own_name": -0.37,
    "as_written": -0.06,
    "university": 0.43,
    "unit": -1.05,
    "unnamed_university": -1.44,
    "member": -2.27,
    "system": -3.49,
    "inactive": 0.55,
    "in_country": 0.64,
    "in_other_country": -2.35,
    "in_city": 1.96,
    "city_in_name": 0.52,
    "n_bearers": -0.52,
    "bearer_as_near": -2.37,
    "bearer_as_written": -0.63,
    "in_country_of_bearers": -2.38,
    "n_rivals": -0.14,
    "rival_tells_more": -2.38,
    "rival_university": -0.08,
    "likeness": 3.07,
    "coverage": 6.12,
}
"""Of names that are like the text; what these cannot show weighs nothing."""
