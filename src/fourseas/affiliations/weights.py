"""What each kind of evidence weighs, learned from one half of the strings of the benchmark.

A logistic regression (ridge 1 on standardized evidence) of whether a hit is the organisation that
the label names; `python -m benchmarks.link --fit` learns them anew from the same half.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS_OF_NAMES: Mapping[str, float] = {
    "always": -1.82,
    "told": 0.61,
    "little": -2.26,
    "n_words": -0.41,
    "starts_part": 0.77,
    "whole_part": 0.78,
    "whole_part_university": 0.62,
    "other_parts": -0.25,
    "last_part": 0.85,
    "share_of_text": 0.42,
    "own_name": 1.08,
    "as_written": 0.32,
    "reversed": -0.84,
    "acronym": -0.76,
    "long_acronym": 0.27,
    "university": 0.28,
    "unit": -0.17,
    "unnamed_university": -1.51,
    "member": -1.84,
    "system": -1.95,
    "inactive": -1.88,
    "in_country": 0.96,
    "in_other_country": -1.43,
    "branch_abroad": 0.89,
    "in_city": 0.39,
    "city_in_name": 0.54,
    "n_bearers": -0.39,
    "bearer_as_near": -1.31,
    "bearer_as_written": -2.21,
    "in_country_of_bearers": -0.63,
    "in_city_of_bearers": 0.94,
    "n_rivals": -0.39,
    "rival_tells_more": -0.33,
    "rival_university": -0.88,
    "acronym_in_country": 2.15,
}
"""Of names that are there."""

WEIGHTS_OF_LIKENESS: Mapping[str, float] = {
    "always": -11.43,
    "told": 1.41,
    "little": -3.04,
    "n_words": -0.28,
    "whole_part_university": 0.47,
    "last_part": 0.69,
    "share_of_text": -1.73,
    "own_name": -0.39,
    "as_written": -1.49,
    "university": 0.47,
    "unit": -0.94,
    "unnamed_university": -1.70,
    "member": -2.11,
    "system": -3.45,
    "inactive": 0.71,
    "in_country": 0.89,
    "in_other_country": -2.17,
    "branch_abroad": -0.83,
    "in_city": 1.94,
    "city_in_name": 0.49,
    "n_bearers": -0.50,
    "bearer_as_near": -2.37,
    "bearer_as_written": -0.72,
    "in_country_of_bearers": -2.72,
    "n_rivals": -0.06,
    "rival_tells_more": -2.58,
    "rival_university": -0.10,
    "likeness": 2.88,
    "coverage": 6.45,
}
"""Of names that are like the text; what these cannot show weighs nothing."""
