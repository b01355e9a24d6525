"""The list of components is the lock, and silence of the auditor is no pass."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path

import pytest

from tools.trust.audit import NOT_AUDITED, lines, told
from tools.trust.sbom import components, sbom

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

PACKAGE = {"name": "oak", "version": "1.0", "vulns": []}
HOLE = {"id": "OAK-2026-1", "fix_versions": ["1.1"]}


def _answer(*packages: object) -> bytes:
    return json.dumps({"dependencies": packages, "fixes": []}).encode()


def test_the_list_has_every_package_of_the_lock_with_all_its_hashes() -> None:
    listed = json.loads(sbom(LOCK, PROJECT))["components"]

    assert len(listed) == len(re.findall(r"^[a-z0-9-]+==", LOCK, re.MULTILINE)) > 50
    hashes = re.findall(r"sha256:([0-9a-f]{64})", LOCK)
    values = [
        one["value"]
        for component in listed
        for one in component["properties"]
        if one["name"] == "fourseas:file:sha256"
    ]
    assert values == hashes
    assert len({component["bom-ref"] for component in listed}) == len(listed)


def test_the_list_names_the_versions_that_are_installed() -> None:
    stated = {str(one["name"]): one["version"] for one in components(LOCK)}

    for name in ("duckdb", "ibis-framework", "starlette", "pyarrow"):
        assert stated[name] == metadata.version(name)


def test_the_same_lock_gives_the_same_bytes_and_another_lock_another_number() -> None:
    assert sbom(LOCK, PROJECT) == sbom(LOCK, PROJECT)
    other = sbom(LOCK.replace("anyio==4", "anyio==5"), PROJECT)
    assert json.loads(other)["serialNumber"] != json.loads(sbom(LOCK, PROJECT))["serialNumber"]


@pytest.mark.parametrize("answer", [b"", b"{}", b"[]", b"Traceback", b'{"dependencies": 3}'])
def test_an_auditor_that_did_not_answer_has_audited_nothing(answer: bytes) -> None:
    found = told(answer, "\nERROR: no route to host\n")

    assert found == {"state": NOT_AUDITED, "why": "ERROR: no route to host"}


def test_a_package_that_was_passed_over_is_no_pass() -> None:
    found = told(_answer(PACKAGE, {"name": "elm", "skip_reason": "not found"}), "")

    assert found["state"] == NOT_AUDITED
    assert lines({"x.lock": found})[0].split(maxsplit=1)[1].startswith("not audited: 1 of 2")


def test_a_known_hole_is_told_with_what_mends_it_even_where_others_were_passed_over() -> None:
    open_ = PACKAGE | {"vulns": [HOLE]}

    for others in ((), ({"name": "elm", "skip_reason": "not found"},)):
        found = told(_answer(open_, *others), "")
        assert found["holes"] == ["oak 1.0: OAK-2026-1, mended in ['1.1']"]
        assert "OAK-2026-1" in lines({"x.lock": found})[-1]
