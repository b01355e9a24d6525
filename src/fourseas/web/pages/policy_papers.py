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

from fourseas import named_lists
from fourseas.errors import FourseasError, UnknownNameError
from fourseas.policy.case import Case, read_cases
from fourseas.policy.document import Policy, read_policy
from fourseas.policy.finding import Sources
from fourseas.policy.lists import NamedList, read_list, read_tree
from fourseas.web.view import Asked, Input

BETWEEN = re.compile(r"^---[ \t]*$", re.MULTILINE)
"""What stands between two lists that are pasted together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What was laid on the desk.

    Attributes
    ----------
    policy
        Text of a policy; empty where an example is meant as it is.
    beside
        The example whose lists and organizations lie beside it, or whose policy is meant.
    lists
        Texts of lists, with a line of three hyphens between two.
    """

    policy: str
    beside: str
    lists: str

    @property
    def text(self) -> str:
        """Return the text of the policy.

        Raises
        ------
        FourseasError
            Where no policy was given.
        """
        if self.policy:
            return self.policy
        if self.beside:
            return (_place(self.beside) / "policy.yaml").read_text(encoding="utf-8")
        problem = "No policy was given."
        raise FourseasError(problem, "Paste one at /policy, or choose an example there.")

    def read(self, lake: Path) -> tuple[Policy, Sources]:
        """Return the policy, and what it is held against.

        Of lists of one name, that which was pasted counts, then that of the example, then that
        of the lake.

        Raises
        ------
        PolicyError
            With every fault of the policy or of a list, and where it is.
        """
        policy = read_policy(self.text, "policy")
        held = sources_beside(_place(self.beside) if self.beside else None)
        pasted = [part for part in BETWEEN.split(self.lists) if part.strip()]
        numbered = ((f"list {number}", text) for number, text in enumerate(pasted, start=1))
        of_lake = named_lists.policy_texts(lake, policy.lists)
        lists = {one.list_id: one for one in (_list(*given) for given in of_lake.items())}
        lists |= held.lists
        lists |= {one.list_id: one for one in (_list(*given) for given in numbered)}
        return policy, Sources(lists=lists, tree=held.tree)

    @property
    def hidden(self) -> tuple[Input, ...]:
        """Return the papers as parts of a form that nobody sees."""
        given = (("policy", self.policy), ("lists", self.beside), ("list", self.lists))
        return tuple(
            Input(name=name, label=name, value=value, kind="hidden")
            for name, value in given
            if value
        )

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Return the addresses that lead back."""
        is_example = self.beside and not self.policy
        own = ((f"/policy/{self.beside}", "The policy"),) if is_example else ()
        return (*own, ("/policy", "All policies"))

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Return the papers as parts of a form, to be written."""
        options = (("", "of this lake alone"), *((one.name, one.name) for one in places()))
        return (
            Input(name="policy", label="A policy, in YAML", value=self.policy, kind="area"),
            Input(
                name="list",
                label="Its lists, in YAML, a line of --- between two; nothing if they lie in the "
                "lake or beside an example",
                value=self.lists,
                kind="area",
            ),
            Input(
                name="lists", label="Lists and organizations", value=self.beside, options=options
            ),
        )


def papers(asked: Asked) -> Papers:
    """Return what was laid on the desk."""
    given = (asked.first(name) or "" for name in ("policy", "lists", "list"))
    policy, beside, lists = given
    return Papers(policy=policy, beside=beside, lists=lists)


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


def sources_beside(place: Path | None) -> Sources:
    """Return the lists and organizations that stand beside an example."""
    if place is None:
        return Sources(lists={})
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
