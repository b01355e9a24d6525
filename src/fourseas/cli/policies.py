"""What `fourseas policy` does: read files, ask the policy package, print."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import ibis

from fourseas import named_lists
from fourseas.cli import rendering, writing
from fourseas.cli.cases import Papers, Recording, record
from fourseas.errors import PolicyError, SourceError
from fourseas.policy.case import Case, read_case, read_cases
from fourseas.policy.check import check as check_case
from fourseas.policy.check import check_all
from fourseas.policy.difference import Direction, difference
from fourseas.policy.document import Policy, read_policy
from fourseas.policy.finding import Finding, Sources
from fourseas.policy.lint import Remark, mirrors
from fourseas.policy.lint import lint as lint_policy
from fourseas.policy.lists import read_list, read_tree
from fourseas.policy.markdown import finding_markdown, finding_text, policy_markdown
from fourseas.policy.places import offer
from fourseas.policy.records import finding_record
from fourseas.policy.wording import words

EXIT_FAULT = 1
EXIT_NOT_PERMITTED = 3
"""The finding is review, closed, out of scope, or needs information."""

TextFormat = Literal["text", "markdown", "json"]

DIRECTIONS: dict[Direction, str] = {
    "same": "No case can come out differently.",
    "stricter": "No case can come out milder; some may come out stricter.",
    "milder": "No case can come out stricter; some may come out milder.",
    "either": "Cases may come out stricter or milder.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The files that a check reads, and the lake whose lists it takes."""

    policy: Path
    case: Path
    lists: tuple[Path, ...] = ()
    organizations: Path | None = None
    lake: Path | None = None


def validate(files: tuple[Path, ...]) -> None:
    """Read every policy; tell the faults of all before leaving with 1 if there are any."""
    faulty = False
    for file in files:
        try:
            policy = _policy(file)
        except PolicyError as error:
            faulty = True
            sys.stderr.write(f"error: {error.problem}\n")
        else:
            rendering.say(f"{file}: valid, {_counted(len(policy.rules), 'rule')}.")
    if faulty:
        sys.exit(EXIT_FAULT)


def show(file: Path, out: Path | None) -> None:
    """Print a policy as Markdown, or write it."""
    _put(policy_markdown(_policy(file)), out)


def lint(file: Path) -> None:
    """Print remarks on a policy and the mirror of each rule; leave with 1 if one is an error."""
    policy = _policy(file)
    remarks = lint_policy(policy, dt.datetime.now(tz=dt.UTC).date())
    rendering.say(*(_remark(file, remark) for remark in remarks))
    rendering.say("", "Mirror of each rule, if the partner adopted it:")
    rendering.say(*(f"  {rule_id}: {said}" for rule_id, said in mirrors(policy)))
    n_errors = sum(remark.severity == "error" for remark in remarks)
    n_warnings = len(remarks) - n_errors
    rendering.say("", f"{_counted(n_errors, 'error')}, {_counted(n_warnings, 'warning')}.")
    if n_errors:
        sys.exit(EXIT_FAULT)


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _remark(file: Path, remark: Remark) -> str:
    where = f"{file}, {remark.place}"
    rule = f" {remark.rule_id}:" if remark.rule_id else ""
    return f"{where}: {remark.severity} {remark.code}:{rule} {remark.problem}\n    {remark.remedy}"


def diff(old: Path, new: Path) -> None:
    """Print what changes from one policy to another."""
    found = difference(_policy(old), _policy(new))
    for line in found.of_policy:
        rendering.say(line)
    for change in found.rules:
        rendering.say("", f"{change.rule_id}: {change.state} ({change.direction})")
        rendering.say(*(f"  {detail}" for detail in change.details))
    rendering.say("", f"Altogether: {DIRECTIONS[found.direction]}")
    rendering.say("Said of cases whose facts are all known, and of the same editions of lists.")


def examples(name: str | None, out: Path | None) -> None:
    """List the examples; or copy one; or check its cases, leaving with 1 if one is unexpected."""
    if name is None:
        rendering.show_rows(
            "Policies that come with fourseas: illustrations, not legal advice",
            ("name", "title", "cases"),
            (
                (place.name, _policy(place / "policy.yaml").title, len(_cases(place)))
                for place in _examples()
            ),
        )
        rendering.say("`fourseas policy examples NAME --out DIRECTORY` copies one to start from.")
        return
    place = _example(name)
    if out is not None:
        _copy(place, out)
        return
    policy, cases, sources = read_example(place)
    found = check_all(policy, cases, sources, ibis.duckdb.connect())
    compared = [(case, one, differs(case, one)) for case, one in zip(cases, found, strict=True)]
    rendering.show_rows(
        f"{policy.title} ({policy.banner})",
        ("case", "shows", "found", "as expected"),
        (
            (
                case.label,
                words(case.shows or "-"),
                words(one.outcome),
                f"no: {said}" if said else "yes",
            )
            for case, one, said in compared
        ),
    )
    n_off = sum(bool(said) for *_, said in compared)
    rendering.say(f"{len(cases) - n_off} of {len(cases)} cases as expected.")
    if n_off:
        sys.exit(EXIT_FAULT)


def read_example(place: Path) -> tuple[Policy, tuple[Case, ...], Sources]:
    """Return the policy of a directory, its cases, and what they are held against."""
    policy, cases = place / "policy.yaml", place / "cases.yaml"
    return _policy(policy), _cases(place), _sources(_papers(Question(policy=policy, case=cases)))


def differs(case: Case, finding: Finding) -> str | None:
    """Say in what a finding is not as its case expects, or return None."""
    expected = case.expected
    if expected is None:
        return None
    rules = tuple(rule.rule_id for rule in finding.rules)
    said: list[str] = []
    if finding.outcome != expected.finding:
        said.append("the finding")
    if expected.at_least not in {None, finding.at_least}:
        said.append(f"at least {finding.at_least}")
    if expected.at_most not in {None, finding.at_most}:
        said.append(f"at most {finding.at_most}")
    if expected.rules is not None and {*expected.rules} != {*rules}:
        said.append(f"rules {', '.join(rules) or 'none'}")
    said.extend(
        f"nothing asks for {part}"
        for part in expected.asks
        if not any(part in question for question in finding.questions)
    )
    return "; ".join(said) or None


def _examples() -> list[Path]:
    """Return the directories of the examples, by name."""
    root = Path(str(resources.files("fourseas") / "policy" / "examples"))
    return sorted(place.parent for place in root.glob("*/policy.yaml"))


def _example(name: str) -> Path:
    """Return the directory of an example, or one of the user's own with the same files."""
    if (Path(name) / "policy.yaml").is_file():
        return Path(name)
    found = {place.name: place for place in _examples()}
    if name not in found:
        raise PolicyError.unknown_example(name, offer(name, found))
    return found[name]


def _copy(place: Path, out: Path) -> None:
    if out.exists():
        raise SourceError.in_the_way(str(out))
    shutil.copytree(place, out)
    rendering.say(
        f"Wrote {out}.",
        f"Check its cases: fourseas policy examples {out}",
    )


def _cases(place: Path) -> tuple[Case, ...]:
    file = place / "cases.yaml"
    return read_cases(_text(file), str(file), _names())


@cache
def _names() -> dict[str, dict[str, str]]:
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


def check(
    question: Question,
    *,
    output_format: TextFormat,
    out: Path | None,
    recording: Recording | None = None,
) -> None:
    """Print the finding on a case, recorded if asked to; leave with 3 unless the case may go on."""
    papers = _papers(question)
    sources = _sources(papers)
    case = read_case(papers.case, str(question.case), _names())
    finding = check_case(
        read_policy(papers.policy, str(question.policy)), case, sources, ibis.duckdb.connect()
    )
    told = record(papers, finding, sources, recording) if recording is not None else ()
    _put(_written(finding, output_format), out)
    if told and (out is not None or output_format == "text"):
        rendering.say("", *told)
    else:
        sys.stderr.writelines(f"{line}\n" for line in told)
    if not finding.permits:
        sys.exit(EXIT_NOT_PERMITTED)


def _written(finding: Finding, output_format: TextFormat) -> str:
    if output_format == "json":
        return json.dumps(finding_record(finding), indent=2, ensure_ascii=False) + "\n"
    return finding_markdown(finding) if output_format == "markdown" else finding_text(finding)


def _put(text: str, out: Path | None) -> None:
    if out is None:
        rendering.say(text.rstrip("\n"))
    else:
        writing.write({out: text.encode()})
        rendering.say(f"Wrote {out}.")


def _text(file: Path) -> str:
    """Return the text of a file, or say why it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SourceError.missing_path(str(file)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError.unreadable_part(str(file), "the file", str(error)) from error


def _policy(file: Path) -> Policy:
    return read_policy(_text(file), str(file))


def _papers(question: Question) -> Papers:
    """Read the texts of a question, each once."""
    tree = question.organizations or question.policy.parent / "organizations.yaml"
    has_tree = question.organizations is not None or tree.is_file()
    return Papers(
        policy=_text(question.policy),
        case=_text(question.case),
        lists=_list_texts(question),
        tree=(str(tree), _text(tree)) if has_tree else None,
    )


def _list_texts(question: Question) -> dict[str, str]:
    """Return the texts of the lists by where they come from; of two, the later one counts."""
    beside = question.policy.parent / "lists"
    places = question.lists or ((beside,) if beside.is_dir() else ())
    files = [
        file
        for place in places
        for file in (sorted(place.glob("*.yaml")) if place.is_dir() else [place])
    ]
    texts = {str(file): _text(file) for file in files}
    if question.lake is None:
        return texts
    of_lake = named_lists.policy_texts(question.lake, _policy(question.policy).lists)
    return of_lake | texts if question.lists else texts | of_lake


def _sources(papers: Papers) -> Sources:
    """Read lists and the tree of organizations."""
    names = _names() if papers.lists else None
    lists = [read_list(text, name, names) for name, text in papers.lists.items()]
    tree = read_tree(papers.tree[1], papers.tree[0]) if papers.tree is not None else None
    return Sources(lists={one.list_id: one for one in lists}, tree=tree)


def policy_and_sources(
    policy: Path, lists: tuple[Path, ...], organizations: Path | None, lake: Path
) -> tuple[Policy, Sources]:
    """Return a policy with the lists and the tree given, beside it, or of the lake."""
    asked = Question(
        policy=policy, case=policy, lists=lists, organizations=organizations, lake=lake
    )
    papers = _papers(asked)
    return read_policy(papers.policy, str(policy)), _sources(papers)


def planned(case: Path) -> Case:
    """Return the case in a file."""
    return read_case(_text(case), str(case), _names())
