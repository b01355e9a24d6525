"""Readers told of what they cannot read by errors of ours alone; `make trust` tries for longer."""

from __future__ import annotations

import pytest

from tests.fuzz import mutating
from tests.fuzz.readers import READERS, Reader

N = 60


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("reader", READERS, ids=[one.name for one in READERS])
def test_a_mutated_file_is_read_or_refused_with_a_remedy(reader: Reader) -> None:
    found = {
        fault: data[:200]
        for data in mutating.mutations(reader, N)
        if (fault := mutating.finding(reader, data)) is not None
    }

    assert found == {}
