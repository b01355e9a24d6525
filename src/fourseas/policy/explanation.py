"""Why a finding is what it is: read off the columns that were computed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import cast

from fourseas.policy.answers import Atom
from fourseas.policy.case import Case, Given, Row
from fourseas.policy.decide import Compiled
from fourseas.policy.document import Due, Exemption, Policy, Rule
from fourseas.policy.finding import Duty, FactUsed, Finding, Match, Sources
from fourseas.policy.grammar import AllOf, InList, Leaf, Not, Quantified, fact_of, fold
from fourseas.policy.hypotheses import Change, nearest_changes, smallest_settling
from fourseas.policy.kleene import Kleene, Reading, Spot, Truth, ends, judged, row_at, spots
from fourseas.policy.lists import NamedList
from fourseas.policy.vocabulary import LEVELS, NEEDS_INFORMATION, OUTCOMES, Fact, Level
from fourseas.policy.wording import leaf_said, sentence, shown, test_said, words

ANSWERS = {True: "yes", False: "no", None: "unknown"}


def explained(of: Compiled, case: Case, reading: Reading, sources: Sources) -> Finding:
    """Return the finding on a case whose leaves were computed."""
    policy = of.policy
    truths = judged(of, reading)
    interval = ends(of, truths)
    at_least, at_most = OUTCOMES[interval.least], OUTCOMES[interval.most]
    holding = tuple(rule for rule in policy.rules if truths[rule.rule_id])
    possible = tuple(rule for rule in policy.rules if truths[rule.rule_id] is None)
    atoms, is_smallest = smallest_settling(of, reading)
    return Finding(
        policy=policy,
        case_label=case.label,
        outcome=at_least if at_least == at_most else NEEDS_INFORMATION,
        at_least=at_least,
        at_most=at_most,
        rules=holding,
        possible_rules=possible,
        exempted=tuple(_exempted(of, reading)),
        duties=(
            *_duties(holding, case, is_possible=False),
            *_duties(possible, case, is_possible=True),
        ),
        facts=tuple(_facts_used(of, reading)),
        questions=tuple(_question(atom, reading, sources) for atom in atoms),
        is_smallest=is_smallest,
        changes=tuple(_change(change, reading) for change in nearest_changes(of, reading)),
        matches=tuple(_matches(of, reading, sources)),
        lists_read=tuple(_lists_read(policy, sources)),
        truths=truths,
        notes=(*_notes(policy, case, truths[""]), *_gaps(policy, sources)),
    )


def _exempted(of: Compiled, reading: Reading) -> Iterator[tuple[Rule, Exemption]]:
    """Yield rules that would hold but for an exemption that does."""
    algebra = Kleene(reading, (), reading.row, {})
    for rule in of.policy.rules:
        if not rule.exemptions:
            continue
        without = fold(AllOf((of.applies, rule.scope, rule.when)), algebra)
        for exemption in rule.exemptions:
            if without is not False and fold(exemption.when, algebra):
                yield rule, exemption


def _duties(rules: tuple[Rule, ...], case: Case, *, is_possible: bool) -> Iterator[Duty]:
    """Yield the obligations of rules with the day by which each is due."""
    for rule in rules:
        for obligation in rule.obligations:
            due_on, waits_for = _due(obligation.due, case)
            yield Duty(
                rule_id=rule.rule_id,
                obligation=obligation,
                due_on=due_on,
                waits_for=waits_for,
                is_possible=is_possible,
            )


def _due(due: Due | None, case: Case) -> tuple[dt.date | None, str | None]:
    if due is None or due.after is None:
        return (due.on if due else None), None
    given = case.row.facts.get(due.after)
    if given is None:
        return None, due.after
    day = cast("dt.date", given.value)
    return day + min(dt.timedelta(days=due.days), dt.date.max - day), None


def _facts_used(of: Compiled, reading: Reading) -> Iterator[FactUsed]:
    """Yield every fact that the policy looked at, each row once."""
    tests: dict[tuple[str, tuple[int, ...], str], dict[str, str]] = {}
    for condition in (of.applies, *of.hits.values()):
        for level, (key, node) in spots(reading, condition):
            if isinstance(node, Leaf):
                asked = tests.setdefault((level, key, node.fact), {})
                asked[_asked(node)] = ANSWERS[reading.truths[key, node]]
    for (level, key, name), asked in tests.items():
        row = row_at(reading.row, level, key)
        given = [row.facts[one] for one, _ in LEVELS[level].fact(name).columns if one in row.facts]
        yield FactUsed(
            about=_about(reading.row, level, key),
            fact=words(LEVELS[level].name) if name == "value" else LEVELS[level].fact(name).spoken,
            value=" to ".join(shown(one.value) for one in given) or "unknown",
            source=_source(given),
            tests=tuple(asked.items()),
        )


def _asked(leaf: Leaf) -> str:
    """Return what was asked of a fact that is named already."""
    is_flag = fact_of(leaf).type == "flag"
    return leaf_said(leaf, "its") if is_flag else test_said(leaf.test)


def _source(given: list[Given]) -> str:
    if not given:
        return "not given"
    one = given[0]
    return f"{one.source or 'the case, no source named'}{f', {one.on}' if one.on else ''}"


def _about(row: Row, level: str, key: tuple[int, ...]) -> str:
    """Return what a row is called, with what it belongs to."""
    if level == "cases":
        return "the case"
    found = row_at(row, level, key)
    parent = LEVELS[level].parent or "cases"
    label = found.label if not LEVELS[level].holds_values else f"{LEVELS[level].name} {found.label}"
    return label if parent == "cases" else f"{label} of {_about(row, parent, key[:-1])}"


def _question(atom: Atom, reading: Reading, sources: Sources) -> str:
    """Return what to ask."""
    if atom.kind == "rows":
        return _question_of_rows(atom, reading)
    about = _about(reading.row, atom.level, atom.key)
    if atom.kind == "fact":
        level = LEVELS[atom.level]
        if level.holds_values:
            return f"Which {words(level.name)} is meant, where the case says that it is not known?"
        return _asked_of(level.fact(atom.name), about)
    listed = sources.lists[atom.name]
    row = row_at(reading.row, atom.level, atom.key)
    if listed.of != "organization":
        return _question_of_entry(row, about, LEVELS[atom.level], listed)
    for match in _matches_of(row, about, listed, sources):
        if match.is_possible:
            sure = "" if match.confidence is None else f" (confidence {match.confidence:.2f})"
            return (
                f"{about}: is {match.through or match.organization_id} the one that the list "
                f"`{atom.name}` calls {match.listed_as}{sure}? A person has to look."
            )
    return (
        f"{about}: what is {_organization(row)} part of? No register at hand knows it, so it may "
        f"be part of what the list `{atom.name}` names."
    )


def _question_of_rows(atom: Atom, reading: Reading) -> str:
    """Return what to ask about rows of which not all are said to be given."""
    parent = LEVELS[atom.level].parent or "cases"
    of = "" if parent == "cases" else f" of {_about(reading.row, parent, atom.key)}"
    if not row_at(reading.row, parent, atom.key).children.get(atom.level):
        return f"Which {words(atom.level)}{of} are there? If there are none, say so."
    return f"Are these all {words(atom.level)}{of}, and if not, which are missing?"


def _question_of_entry(row: Row, about: str, level: Level, listed: NamedList) -> str:
    """Return what to ask of an entry that may mean a country, a topic or a field of a row."""
    names = [fact.name for fact in level.facts if fact.type == listed.of]
    values = [str(row.facts[name].value) for name in names if name in row.facts]
    entry = next(one for one in listed.members if one.is_possible and one.member_id in values)
    sure = "" if entry.confidence is None else f" (confidence {entry.confidence:.2f})"
    return (
        f"{about}: does the list `{listed.list_id}` mean {entry.member_id} by "
        f"{entry.name or 'its entry of that id'}{sure}? A person has to confirm the entry."
    )


def _asked_of(fact: Fact, about: str) -> str:
    """Return the question for a fact of a row."""
    if fact.type == "flag":
        subject = "" if about == "the case" else f"{about} "
        return f"Is it so that {subject}{fact.clauses[0]}?"
    choice = f" One of: {', '.join(map(words, fact.words))}." if fact.words else ""
    return f"What is the {fact.spoken} of {about}? {fact.meaning}{choice}"


def _organization(row: Row) -> str:
    found = row.facts.get("organization", row.facts.get("value"))
    return str(found.value) if found else row.label


def _change(change: Change, reading: Reading) -> str:
    """Return what would have to be otherwise, and what would follow."""
    said = "; ".join(_flipped(reading, level, spot, truth) for level, spot, truth in change.flips)
    least, most = (words(OUTCOMES[end]) for end in (change.ends.least, change.ends.most))
    found = least if least == most else f"at least {least} and at most {most}"
    return f"It would be {found} if: {said}."


def _flipped(reading: Reading, level: str, spot: Spot, truth: bool) -> str:  # noqa: FBT001
    key, node = spot
    if isinstance(node, Quantified):
        return sentence(node) if truth else sentence(Not(node))
    said = leaf_said(node, "its", is_true=truth)
    return said if level == "cases" else f"{_about(reading.row, level, key)}: {said}"


def _matches(of: Compiled, reading: Reading, sources: Sources) -> Iterator[Match]:
    """Yield entries of lists that organizations of the case meet, by themselves or from above."""
    seen: set[Match] = set()
    for condition in (of.applies, *of.hits.values()):
        for level, (key, node) in spots(reading, condition):
            if not isinstance(node, Leaf) or not isinstance(node.test, InList):
                continue
            if fact_of(node).type != "organization":
                continue
            row, about = row_at(reading.row, level, key), _about(reading.row, level, key)
            for match in _matches_of(row, about, sources.lists[node.test.list_id], sources):
                is_far = match.through is not None and not node.test.within_tree
                if match not in seen and not is_far:
                    seen.add(match)
                    yield match


def _matches_of(row: Row, about: str, listed: NamedList, sources: Sources) -> Iterator[Match]:
    given = row.facts.get("organization", row.facts.get("value"))
    if given is None:
        return
    own = str(given.value)
    above = sources.tree.ancestors(own) if sources.tree else ()
    for organization_id in dict.fromkeys((own, *above)):
        for member in listed.members:
            if member.member_id == organization_id:
                yield Match(
                    about=about,
                    list_id=listed.list_id,
                    organization_id=own,
                    listed_as=member.name or member.member_id,
                    through=None if organization_id == own else organization_id,
                    confidence=member.confidence,
                    is_possible=member.is_possible,
                )


def _lists_read(policy: Policy, sources: Sources) -> Iterator[str]:
    """Yield the lists that the policy names, and the register of organizations."""
    for one in policy.lists:
        yield f"{one.list_id}: {one.title}, edition of {one.dated} ({one.source})"
    if sources.tree is not None:
        tree = sources.tree
        yield f"organizations: what each is part of, as of {tree.dated} ({tree.source})"


def _gaps(policy: Policy, sources: Sources) -> Iterator[str]:
    """Yield what lists leave out, of which an answer `no` does not speak."""
    for reference in policy.lists:
        listed = sources.lists[reference.list_id]
        if listed.n_unplaced:
            yield (
                f"The list `{listed.list_id}` has entries that are no organization at hand: "
                f"{listed.n_unplaced}. That something is not on it does not speak of these."
            )
        elif not listed.members:
            yield f"The list `{listed.list_id}` is empty: nothing is on it."


def _notes(policy: Policy, case: Case, applies: Truth) -> Iterator[str]:
    """Yield what a reader must know beside the finding."""
    if policy.banner:
        yield policy.banner
    given = case.row.facts.get("date")
    if given is None:
        return
    on = cast("dt.date", given.value)
    if on < policy.valid_from:
        yield f"The policy applies from {policy.valid_from}; the case is of {on}."
    elif policy.expires is not None and on > policy.expires:
        yield (
            f"The policy expired on {policy.expires}; the case is of {on}. Ask {policy.owner} "
            "what applies now."
        )
    elif applies is False:
        yield "The policy is not about such a case: its scope leaves it out."
    else:
        for rule in policy.rules:
            if rule.expires is not None and on > rule.expires:
                yield f"The rule {rule.rule_id} expired on {rule.expires} and was not applied."
            elif rule.valid_from is not None and on < rule.valid_from:
                yield f"The rule {rule.rule_id} applies from {rule.valid_from} and not yet."
