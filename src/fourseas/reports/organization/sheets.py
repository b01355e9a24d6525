"""The tables of an organization's report; each stands for both sides."""

from __future__ import annotations

from collections.abc import Iterator

from fourseas.named_lists import NOT_FOUND
from fourseas.policy.list_entries import Entry, Heading
from fourseas.reports.cards.card import Sheet
from fourseas.reports.organization import counts
from fourseas.reports.organization.counts import SUBJECT, US, Rows
from fourseas.reports.organization.family import Family
from fourseas.reports.organization.inquiry import Inquiry
from fourseas.reports.organization.signatures import GROUP_SCHEMES, STANDARDS, WORKS
from fourseas.reports.organization.subject import Subject
from fourseas.reports.panel import Heading as Column
from fourseas.reports.panel import Reading

LAST_YEARS = 10
MOST_FIELDS = 12
MOST_NAMES = 12
MOST_PARTNERS = 50
MOST_FUNDERS = 25
MOST_WORKS = 25
MOST_COUNTRIES = 20

WHOLE = "Whole: a work counts once for each organization that signs it."
DEFINED = f"Works by the definition {WORKS.definition_id}: {WORKS.title}."
NO_BOUNDS = "None: affiliations that no register has resolved may hide more; see coverage."

METHODS = {
    "id": "id given by the list",
    "name": "equal name",
    "alias": "equal alias",
    "similar": "similar name",
    "review": "a person alone",
}
VERDICTS = {
    "stated": "on the list, by its own id",
    "confirmed": "on the list, confirmed by a person",
    "possible": "possible, nobody has confirmed it",
    "rejected": "not meant, by decision of a person",
    "ended": "on the list no longer",
}


def identity(inquiry: Inquiry) -> Sheet:
    """Return what registers know of both organizations."""
    rows: Rows = [
        {"what": what, "subject": subject, "us": us}
        for (what, subject), (_, us) in zip(
            _facts(inquiry, inquiry.subject, inquiry.its_family),
            _facts(inquiry, inquiry.us, inquiry.our_family),
            strict=True,
        )
    ]
    return Sheet(
        name="identity",
        title="Who they are, as registers have it.",
        headings=(
            Column("what", "what"),
            Column("subject", inquiry.subject.name),
            Column("us", inquiry.us.name),
        ),
        rows=rows,
        reading=Reading(
            definition="The head office is the register's; countries of addresses are those of "
            "its authors on works, which OpenAlex takes from the organization where no address "
            "says more.",
            counting=WHOLE,
            source=source(inquiry, "ror", "openalex", *STANDARDS.registers),
            n="Two organizations.",
            bounds="None.",
            coverage="Standards registers write organizations as plain text: names that are equal "
            "but for case, accents and punctuation count, unless another organization bears "
            "the name too; names that only begin alike do not.",
        ),
    )


def _facts(inquiry: Inquiry, side: Subject, kin: Family) -> Iterator[tuple[str, str]]:
    names = inquiry.countries
    country = names.get(side.country or "", side.country)
    places = counts.addresses(inquiry.signed, side.ids)
    told = [
        f"{names.get(str(row['country_code']), row['country_code'] or 'not given')} "
        f"{row['n_works']:,}"
        for row in places[:MOST_COUNTRIES]
    ]
    yield "ROR id", side.ror_id or "none known"
    yield "id in its register", f"{side.register}:{side.key}"
    yield "sector", side.kind or "not known"
    yield "status in its register", side.status or "not stated"
    yield "part of", _listed(tuple(one.told(names) for one in kin.above), "none told")
    yield "its parts", _listed(tuple(one.told(names) for one in kin.below), "none told")
    yield "came after it", _listed(tuple(one.told(names) for one in kin.after), "none told")
    yield "came before it", _listed(tuple(one.told(names) for one in kin.before), "none told")
    yield "head office", ", ".join(one for one in (side.city, country) if one) or "not known"
    yield "countries of addresses, with works and standards", "; ".join(told) or "none"
    yield "other names", _listed(side.other_names)
    yield (
        "plain names counted as it",
        _listed(tuple(f"{one.name} ({one.register})" for one in side.same_named)),
    )
    yield "plain names near it, not counted", _listed(side.near_named)


def _listed(names: tuple[str, ...], none: str = "none known") -> str:
    """Return some names in one cell, and how many more there are."""
    more = f"; and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return "; ".join(names[:MOST_NAMES]) + more or none


def lists(inquiry: Inquiry) -> Sheet:
    """Return what was found of both organizations on lists."""
    rows: Rows = [
        {
            "side": hit.side.name,
            "list": titled(hit.state.heading),
            "edition": f"{hit.state.edition.number}, dated {hit.state.heading.dated}",
            "verdict": VERDICTS[hit.verdict],
            "entry": written(hit.entry),
            "matched": hit.matched,
            "matched_with": hit.matched_with,
            "method": METHODS[hit.method],
            "confidence": hit.confidence,
        }
        for hit in inquiry.hits
    ]
    searched = "; ".join(
        f"{one.heading.list_id}, edition {one.edition.number} of {one.heading.dated}, "
        f"{len(one.entries)} entries"
        for one in inquiry.lists
    )
    return Sheet(
        name="lists",
        title="Matches with lists.",
        headings=(
            Column("side", "organization"),
            Column("list", "list"),
            Column("edition", "edition"),
            Column("verdict", "state"),
            Column("entry", "entry of the list"),
            Column("matched", "name or alias that matched"),
            Column("matched_with", "name in the register"),
            Column("method", "how"),
            Column("confidence", "confidence", "ratio"),
        ),
        rows=rows,
        reading=Reading(
            definition="An entry matches by id, by equal name or alias, or by a similar name in "
            "the same country. It is possible until a named person confirms it.",
            counting="Confidence is a convention that orders a review, not a probability.",
            source=f"{searched or 'No list of organizations is in the lake'}.",
            n=f"{len(rows)} for either organization.",
            bounds="None.",
            coverage=f"{_unmatched(inquiry)}What the organization is part of, and what is part of "
            "it, is told above where it is on a list; that an entry means the whole tree is not "
            "assumed.",
        ),
    )


def titled(heading: Heading) -> str:
    """Return id and title of a list, once where they are the same."""
    same = heading.title == heading.list_id
    return heading.list_id if same else f"{heading.list_id} ({heading.title})"


def written(entry: Entry) -> str:
    """Return an entry as the list writes it, with its days."""
    days = [
        f"{word} {day}"
        for word, day in (("from", entry.first_on), ("until", entry.last_on))
        if day is not None
    ]
    return f"{entry.name} ({' '.join(days)})" if days else entry.name


def _unmatched(inquiry: Inquiry) -> str:
    told = [
        f"{one.counts[NOT_FOUND]} of {len(one.entries)} entries of {one.heading.list_id}"
        for one in inquiry.lists
        if one.counts[NOT_FOUND]
    ]
    return f"{'; '.join(told)} match no organization of the lake. " if told else ""


def years(inquiry: Inquiry) -> Sheet:
    """Return works of both sides, joint works and works with listed organizations by year."""
    found = counts.by_year(inquiry.signed)
    found.sort(key=lambda row: _number(row["year"]), reverse=True)
    earlier = found[LAST_YEARS:]
    rows: Rows = [{**row, "year": str(row["year"])} for row in found[:LAST_YEARS]]
    if earlier:
        first, last = earlier[-1]["year"], earlier[0]["year"]
        sums = {name: sum(_number(row[name]) for row in earlier) for name in counts.SERIES}
        rows.append({"year": f"{first}-{last}" if first != last else str(first), **sums})
    return Sheet(
        name="years",
        title="Works by year, of each alone and together.",
        headings=(Column("year", "year"), *_series_headings(inquiry)),
        rows=rows,
        reading=_reading(inquiry, f"{len(found)} years with works of either."),
    )


def fields(inquiry: Inquiry, scheme: str, title: str) -> Sheet:
    """Return the same by field or topic, those with most joint works first."""
    names = inquiry.field_names(scheme)
    found = counts.by_field(inquiry.signed, scheme)
    found.sort(
        key=lambda row: (
            *(-_number(row[name]) for name in ("joint", "works", "our_works")),
            str(row["field_id"]),
        )
    )
    rows: Rows = [
        {**row, "field": names.get((scheme, row["field_id"]), row["field_id"])}
        for row in found[:MOST_FIELDS]
    ]
    left = f"; {len(found) - MOST_FIELDS} more are not shown" if len(found) > MOST_FIELDS else ""
    return Sheet(
        name=scheme,
        title=title,
        headings=(Column("field", "field"), *_series_headings(inquiry)),
        rows=rows,
        reading=_reading(inquiry, f"{len(found)} with works of either{left}."),
    )


def _series_headings(inquiry: Inquiry) -> tuple[Column, ...]:
    """Return the columns of works; those of lists only where a list was held against them."""
    it, us = inquiry.subject.name, inquiry.us.name
    both = (
        Column("joint", "joint works", "count"),
        Column("works", f"works of {it}", "count"),
        Column("our_works", f"works of {us}", "count"),
    )
    certain = {one.is_certain for one in inquiry.partners.values()}
    listed = (
        Column("with_listed", f"{it} with listed", "count"),
        Column("our_with_listed", f"{us} with listed", "count"),
    )
    possible = (
        Column("with_possible", f"{it} with possibly listed", "count"),
        Column("our_with_possible", f"{us} with possibly listed", "count"),
    )
    return (*both, *(listed if True in certain else ()), *(possible if False in certain else ()))


def _reading(inquiry: Inquiry, n: str) -> Reading:
    listed = (
        " Listed: other organizations that a list names by id or that a person has confirmed. "
        "Possibly listed: matches that nobody has confirmed. Entries that have ended are left out."
        if inquiry.partners
        else ""
    )
    return Reading(
        definition=f"{DEFINED}{listed}",
        counting=WHOLE,
        source=source(inquiry, "openalex"),
        n=n,
        bounds=NO_BOUNDS,
        coverage=inquiry.coverage_line("openalex"),
    )


def joint(inquiry: Inquiry) -> Sheet:
    """Return the newest joint works, so that a reader can look at each."""
    found, n_joint = counts.joint_works(inquiry.signed, MOST_WORKS)
    left = f"; {n_joint - MOST_WORKS} more are not shown" * (n_joint > MOST_WORKS)
    return Sheet(
        name="joint",
        title="Joint works, the newest first.",
        headings=(
            Column("work_label", "work"),
            Column("year", "year", "year"),
            Column("kind", "kind"),
            Column("title", "title"),
            Column("doi", "DOI"),
            Column("state", "state"),
        ),
        rows=[{**row, "state": "retracted" if row["is_retracted"] else "-"} for row in found],
        reading=_reading(inquiry, f"{n_joint} joint works{left}."),
    )


def partners(inquiry: Inquiry) -> Sheet:
    """Return each listed organization with the works that either side signs with it."""
    found = counts.partners(inquiry.signed, inquiry.partners)
    empty = {f"{side}_{name}": None for side in (SUBJECT, US) for name in ("first", "last")}
    zero = {f"{side}_n_works": 0 for side in (SUBJECT, US)}
    rows: Rows = []
    for row in found:
        full = {**empty, **zero, **row}
        one = inquiry.partners[str(row["party"])]
        rows.append(
            {
                "name": one.name,
                "ror_id": one.ror_id,
                "lists": "; ".join(f"{name}: {VERDICTS[said]}" for name, said in one.lists),
                "works": full[f"{SUBJECT}_n_works"],
                "span": _span(full[f"{SUBJECT}_first"], full[f"{SUBJECT}_last"]),
                "our_works": full[f"{US}_n_works"],
                "our_span": _span(full[f"{US}_first"], full[f"{US}_last"]),
            }
        )
    rows.sort(
        key=lambda row: (-_number(row["works"]), -_number(row["our_works"]), str(row["name"]))
    )
    n_more = f"; {len(rows) - MOST_PARTNERS} more are not shown" * (len(rows) > MOST_PARTNERS)
    return Sheet(
        name="partners",
        title="Works with other listed organizations, on both sides.",
        headings=(
            Column("name", "listed organization"),
            Column("ror_id", "ROR id"),
            Column("lists", "list and state"),
            Column("works", f"works with {inquiry.subject.name}", "count"),
            Column("span", f"years with {inquiry.subject.name}"),
            Column("our_works", f"works with {inquiry.us.name}", "count"),
            Column("our_span", f"years with {inquiry.us.name}"),
        ),
        rows=rows[:MOST_PARTNERS],
        reading=_reading(
            inquiry,
            f"{len(rows)} of {len(inquiry.partners)} organizations on the lists sign a work with "
            f"either{n_more}.",
        ),
    )


def _span(first: object, last: object) -> str:
    if first is None:
        return "-"
    return str(first) if first == last else f"{first}-{last}"


def funders(inquiry: Inquiry) -> Sheet:
    """Return the funders that joint works acknowledge."""
    found, n_naming = counts.funders(inquiry.signed)
    n_joint = inquiry.signed.totals(SUBJECT, US).n_works
    left = f"; {len(found) - MOST_FUNDERS} more are not shown" * (len(found) > MOST_FUNDERS)
    return Sheet(
        name="funders",
        title="Funders that joint works acknowledge.",
        headings=(
            Column("funder_name", "funder"),
            Column("funder_key", "id in the register"),
            Column("n_works", "joint works", "count"),
        ),
        rows=found[:MOST_FUNDERS],
        reading=Reading(
            definition="Funders and awards that the register found in the works. Whom they paid, "
            "of the signing organizations, it does not say.",
            counting="A work counts once for each funder.",
            source=source(inquiry, "openalex"),
            n=f"{len(found)} funders{left}.",
            bounds="None.",
            coverage=f"{n_naming} of {n_joint} joint works name a funder; of the others nothing "
            "is known.",
        ),
    )


def standards(inquiry: Inquiry) -> Sheet:
    """Return the standards documents of both sides by group."""
    names = inquiry.field_names(*GROUP_SCHEMES)
    found = counts.standards_groups(inquiry.signed)
    found.sort(key=lambda row: (-_number(row["documents"]), row["key"]))
    total, ours, joint = (
        inquiry.signed.totals(*parties, standards=True).n_works
        for parties in ((SUBJECT,), (US,), (SUBJECT, US))
    )
    every: dict[str, object] = {
        "group": "all documents",
        "documents": total,
        "our_documents": ours,
        "joint": joint,
    }
    groups = [{**row, "group": names.get(row["key"], row["key"][1])} for row in found]
    left = f"; {len(groups) - MOST_FIELDS} more are not shown" * (len(groups) > MOST_FIELDS)
    return Sheet(
        name="standards",
        title="Standards documents by the group that they come from.",
        headings=(
            Column("group", "group"),
            Column("documents", inquiry.subject.name, "count"),
            Column("our_documents", inquiry.us.name, "count"),
            Column("joint", "joint", "count"),
        ),
        rows=[every, *groups[:MOST_FIELDS]],
        reading=Reading(
            definition=f"Documents by the definition {STANDARDS.definition_id}: {STANDARDS.title}. "
            "Organizations of authors are names as printed.",
            counting=WHOLE,
            source=source(inquiry, *STANDARDS.registers),
            n=f"{len(groups)} groups{left}; documents of no group are in the first row alone.",
            bounds="None: other spellings of a name are not counted; the first table names them.",
            coverage=inquiry.coverage_line(*STANDARDS.registers),
        ),
    )


def retractions(inquiry: Inquiry) -> Sheet:
    """Return retracted works of both sides beside those of the whole register."""
    sides = (
        (inquiry.subject.name, inquiry.signed.totals(SUBJECT)),
        (inquiry.us.name, inquiry.signed.totals(US)),
        ("joint works", inquiry.signed.totals(SUBJECT, US)),
    )
    of_sides = [(name, found.n_works, found.n_retracted) for name, found in sides]
    whole = counts.retracted(inquiry.ws, inquiry.question.years)
    rows: Rows = []
    for name, n_works, n_retracted in (*of_sides, ("all works of the lake", *whole)):
        rows.append(
            {
                "name": name,
                "n_works": n_works,
                "n_retracted": n_retracted,
                "share": n_retracted / n_works if n_works else None,
            }
        )
    return Sheet(
        name="retractions",
        title="Retracted works, beside those of everybody.",
        headings=(
            Column("name", "works of"),
            Column("n_works", "works", "count"),
            Column("n_retracted", "retracted", "count"),
            Column("share", "share", "finer_share"),
        ),
        rows=rows,
        reading=Reading(
            definition="Works that the register marks as retracted. Why, and by whose fault, it "
            "does not say: many are withdrawn for honest errors, by their authors.",
            counting=WHOLE,
            source=source(inquiry, "openalex"),
            n=f"{_number(rows[0]['n_works']):,} works of {inquiry.subject.name}.",
            bounds="None; of a few works a share says little.",
            coverage=inquiry.coverage_line("openalex"),
        ),
    )


def source(inquiry: Inquiry, *registers: str) -> str:
    """Return title, snapshot and scope of registers that are in the lake."""
    found = [inquiry.registers[name] for name in registers if name in inquiry.registers]
    return " ".join(found) or "No such register is in the lake."


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
