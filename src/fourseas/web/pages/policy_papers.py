"""The papers that lie on the policy desk: a policy, its lists, and the examples to start from."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import ibis

from fourseas import named_lists
from fourseas.errors import FourseasError, UnknownNameError
from fourseas.policy.case import Case, read_cases
from fourseas.policy.check import check_all
from fourseas.policy.document import Policy, read_policy
from fourseas.policy.finding import Finding, Sources
from fourseas.policy.lists import NamedList, read_list, read_tree
from fourseas.web.pages.recorded_policies import (
    PREFIX,
    recorded_policies,
    recorded_policy,
    sources_of,
    text_of,
)
from fourseas.web.view import Asked, Input

BETWEEN = re.compile(r"^---[ \t]*$", re.MULTILINE)
"""What stands between two lists that are pasted together."""


NOTHING_NOW = ("", "nothing: all is open now")


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What was laid on the desk.

    Attributes
    ----------
    policy
        Text of a policy; empty where one that is known by name is meant as it is.
    beside
        The example or recorded policy whose lists and organizations are used, or which is meant.
    lists
        Texts of lists, with a line of three hyphens between two.
    present
        Text of the policy that is in force, to compare with; empty for none, or one by name.
    """

    policy: str
    beside: str
    lists: str
    present: str = ""

    def read(self, lake: Path) -> tuple[Policy, Sources]:
        """Return the policy, and what it is held against.

        Of lists of one name, that which was pasted counts, then that of the example or record,
        then that of the lake.

        Raises
        ------
        PolicyError
            With every fault of the policy or of a list, and where it is.
        FourseasError
            Where no policy was given.
        """
        if not self.policy and not self.beside:
            problem = "No policy was given."
            raise FourseasError(problem, "Paste one at /policy, or choose an example there.")
        policy = read_policy(self.policy or _text(lake, self.beside), "policy")
        return policy, self._sources(lake, policy, self.beside)

    def read_present(self, lake: Path, name: str) -> tuple[Policy, Sources] | None:
        """Return the policy in force and what it is held against; None where all is open.

        Parameters
        ----------
        lake
            Directory of the lake.
        name
            Of an example or a recorded policy; empty for the one that was pasted, if any.
        """
        if not name and not self.present:
            return None
        policy = read_policy(_text(lake, name) if name else self.present, "present policy")
        return policy, self._sources(lake, policy, name or self.beside)

    def _sources(self, lake: Path, policy: Policy, beside: str) -> Sources:
        held = _sources_by_name(lake, beside) if beside else Sources(lists={})
        pasted = [part for part in BETWEEN.split(self.lists) if part.strip()]
        numbered = ((f"list {number}", text) for number, text in enumerate(pasted, start=1))
        of_lake = named_lists.policy_texts(lake, policy.lists)
        lists = {one.list_id: one for one in (_list(*given) for given in of_lake.items())}
        lists |= held.lists
        lists |= {one.list_id: one for one in (_list(*given) for given in numbered)}
        return Sources(lists=lists, tree=held.tree)

    @property
    def is_pasted(self) -> bool:
        """Return whether it holds texts, which may be too long for an address."""
        return bool(self.policy or self.lists or self.present)

    @property
    def hidden(self) -> tuple[Input, ...]:
        """Return the papers as parts of a form that nobody sees."""
        given = (
            ("policy", self.policy),
            ("lists", self.beside),
            ("list", self.lists),
            ("present", self.present),
        )
        return tuple(
            Input(name=name, label=name, value=value, kind="hidden")
            for name, value in given
            if value
        )

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Return the addresses that lead back."""
        is_named = self.beside and not self.policy
        own = ((f"/policy/{self.beside}", "The policy"),) if is_named else ()
        return (*own, ("/policy", "All policies"))

    def inputs(self, lake: Path) -> tuple[Input, ...]:
        """Return the papers as parts of a form, to be written."""
        options = (("", "of this lake alone"), *known_by_name(lake))
        return (
            Input(name="policy", label="A policy, in YAML", value=self.policy, kind="area"),
            Input(
                name="list",
                label="Its lists, in YAML, a line of --- between two; nothing if they lie in the "
                "lake, beside an example or in a record",
                value=self.lists,
                kind="area",
            ),
            Input(
                name="present",
                label="The policy in force, in YAML, to compare with what it would touch; nothing "
                "if none is, or if it is recorded",
                value=self.present,
                kind="area",
            ),
            Input(
                name="lists", label="Lists and organizations", value=self.beside, options=options
            ),
        )


def papers(asked: Asked) -> Papers:
    """Return what was laid on the desk."""
    policy, beside, lists, present = (
        asked.first(name) or "" for name in ("policy", "lists", "list", "present")
    )
    return Papers(policy=policy, beside=beside, lists=lists, present=present)


def known_by_name(lake: Path) -> tuple[tuple[str, str], ...]:
    """Return name and label of recorded policies, the last first, and of the examples."""
    return (
        *((one.name, one.label) for one in recorded_policies(lake)),
        *((one.name, one.name) for one in places()),
    )


def _text(lake: Path, name: str) -> str:
    """Return the text of an example or a recorded policy."""
    if name.startswith(PREFIX):
        return text_of(lake, recorded_policy(lake, name))
    return (_place(name) / "policy.yaml").read_text(encoding="utf-8")


def _sources_by_name(lake: Path, name: str) -> Sources:
    if name.startswith(PREFIX):
        return sources_of(lake, recorded_policy(lake, name))
    return sources_beside(_place(name))


@cache
def places() -> tuple[Path, ...]:
    """Return the directories of the examples, by name."""
    root = Path(str(resources.files("fourseas") / "policy" / "examples"))
    return tuple(sorted(place.parent for place in root.glob("*/policy.yaml")))


@cache
def example(place: Path) -> tuple[Policy, tuple[Case, ...], Sources]:
    """Return an example: its policy, its cases, and what they are held against."""
    policy = read_policy((place / "policy.yaml").read_text(encoding="utf-8"), place.name)
    cases = read_cases((place / "cases.yaml").read_text(encoding="utf-8"), place.name, names())
    return policy, cases, sources_beside(place)


@cache
def findings(place: Path) -> dict[str, Finding]:
    """Return what an example finds of its cases, by their labels."""
    policy, cases, sources = example(place)
    found = check_all(policy, cases, sources, ibis.duckdb.connect())
    return {case.label: finding for case, finding in zip(cases, found, strict=True)}


def sources_beside(place: Path) -> Sources:
    """Return the lists and organizations that stand beside an example."""
    lists = [
        _list(file.name, file.read_text(encoding="utf-8"))
        for file in sorted((place / "lists").glob("*.yaml"))
    ]
    tree = place / "organizations.yaml"
    return Sources(
        lists={one.list_id: one for one in lists},
        tree=read_tree(tree.read_text(encoding="utf-8"), tree.name) if tree.is_file() else None,
    )


@cache
def names() -> dict[str, dict[str, str]]:
    """Return the names of topics of OpenAlex and of countries, from the embedded registers."""
    embedded = resources.files("fourseas") / "embedded"
    topics = gzip.decompress((embedded / "openalex" / "topics.jsonl.gz").read_bytes()).decode()
    countries = (embedded / "countries" / "countries.csv").read_text(encoding="utf-8")
    return {
        "topic": {
            topic["id"].rpartition("/")[2]: topic["display_name"]
            for topic in map(json.loads, topics.splitlines())
        },
        "country": {row["iso2"]: row["name"] for row in csv.DictReader(io.StringIO(countries))},
    }


def _place(name: str) -> Path:
    known = {place.name: place for place in places()}
    if name not in known:
        raise UnknownNameError.of("policy", name, known)
    return known[name]


def _list(name: str, text: str) -> NamedList:
    return read_list(text, name, names())
