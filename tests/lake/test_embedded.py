"""The registers that come with the package."""

from __future__ import annotations

from datetime import date

from fourseas.lake import embedded
from fourseas.schema.source import SCOPES


def test_each_has_a_date_and_a_scope() -> None:
    for register in embedded.REGISTERS:
        assert date.fromisoformat(register.snapshot_on).isoformat() == register.snapshot_on
        assert register.scope in SCOPES


def test_each_has_a_directory_of_its_name_with_files() -> None:
    for register in embedded.REGISTERS:
        assert register.path.name == register.source
        assert any(path.is_file() for path in register.path.rglob("*"))


def test_only_chosen_works_are_a_corpus() -> None:
    scopes = {register.source: register.scope for register in embedded.REGISTERS}

    assert [source for source, scope in scopes.items() if scope != "census"] == ["openalex"]
