"""A policy desk: a lake, the example policy beside it, and cases as officers write them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from fourseas.lake import audit, layout
from fourseas.lake.chain import Record
from fourseas.lake.layout import Lake
from tests.cli.running import Ended, run

EXAMPLE = Path(str(resources.files("fourseas") / "policy" / "examples" / "sensitive-technology"))
ADA = "Ada Example, head of grants"
LISTED = "invented:cape-institute"
OTHER = "invented:bay-university"

CASE = """
case: {label}
date: 2024-09-15
source: application form
activity: funding_received
funders: [invented:science-agency]
call_launched_on: 2024-06-03
topics: [invented:quantum-sensing]
advances_or_uses: advances
complete: [topics, funders, people]
people:
  - label: {person}
    role: lead
    source: declaration of {person}
    ties:
      - kind: affiliation
        organization: "{tied_to}"
        period: {{since: 2019-09-01, until: ongoing}}
    {ties}
"""


@dataclass(frozen=True)
class Desk:
    """A directory with a lake and a policy."""

    place: Path

    @property
    def lake(self) -> Lake:
        """Its lake."""
        return layout.locate(self.place / "lake")

    @property
    def records(self) -> tuple[Record, ...]:
        """What is in its audit log."""
        return audit.records(self.lake)

    @property
    def log(self) -> bytes:
        """The bytes of its audit log."""
        return self.lake.audit.read_bytes()

    def run(self, *words: str) -> Ended:
        """Run a command on its lake."""
        return run(*words, "--lake", str(self.place / "lake"))

    def case(
        self,
        label: str = "grant-17",
        *,
        person: str = "Zoe Weber",
        tied_to: str = OTHER,
        ties: str = "complete: [ties]",
    ) -> Path:
        """Write a case and return its file."""
        file = self.place / f"{label}.yaml"
        text = CASE.format(label=label, person=person, tied_to=tied_to, ties=ties)
        file.write_text(text, encoding="utf-8")
        return file

    def check(self, case: Path, *words: str) -> Ended:
        """Check a case and record the finding."""
        policy = self.place / "policy" / "policy.yaml"
        return self.run("policy", "check", str(policy), str(case), "--record", *words)

    def decide(self, seq: int, decision: str, *words: str, reason: str = "As found.") -> Ended:
        """Decide on a finding."""
        said = ("--decision", decision, "--by", ADA, "--reason", reason)
        return self.run("policy", "decide", str(seq), *said, *words)


def copy_of(desk: Desk, place: Path) -> Desk:
    """Return a desk with the same log in another directory."""
    shutil.copytree(desk.place, place)
    return Desk(place)


def desk_at(place: Path) -> Desk:
    """Return a new desk in a directory."""
    layout.init(place / "lake", scope="corpus")
    shutil.copytree(EXAMPLE, place / "policy")
    return Desk(place)
