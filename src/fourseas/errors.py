"""Every error that a user can act on: what was found where, and what to do next.

The command line prints these without a traceback. Anything else is our fault and shows one.

    FourseasError
    |-- SourceError         an input file or directory is not what it should be
    |-- TableError          a table does not keep what its declaration promises
    |-- LakeError           the lake directory, its disk, or its state
    |-- EngineError         the engine that should build cannot start, or not go on
    |-- PolicyError         a policy, a case or a list is not written as it must be
    |-- ListError           a list of the lake, or a review of what it may mean
    |-- AuditError          the audit log, or what was asked of it
    |-- BundleError         a bundle of a result, or what it holds
    |-- UnknownNameError    a name that nothing here bears, with the nearest ones
    |-- AmbiguousNameError  a name that several organizations bear, with their ids
    `-- NotComputableError  a question that these data cannot answer, and why
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

NEAREST_NAMES = 3
FEW_NAMES = 8
"""So many names are told outright when none is near."""


class FourseasError(Exception):
    """An error the user can act on; the command line prints it without a traceback."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}\n{remedy}")
        self.problem = problem
        self.remedy = remedy


class SourceError(FourseasError):
    """An input file or directory is not what its register promises."""

    @classmethod
    def missing_path(cls, path: str) -> SourceError:
        """Say that nothing is at the path that was given."""
        return cls(f"There is nothing at {path}.", "Give a file or a directory that exists.")

    @classmethod
    def in_the_way(cls, path: str) -> SourceError:
        """Say that there is something where files should go."""
        return cls(f"{path} exists.", "Choose a place where there is nothing yet.")

    @classmethod
    def no_parts(cls, path: str, patterns: Iterable[str]) -> SourceError:
        """Say that a directory holds no file that the register would read."""
        listed = ", ".join(patterns)
        return cls(
            f"{path} holds no file that this register reads ({listed}).",
            "Point to the directory that holds them, or choose another register with --source.",
        )

    @classmethod
    def empty_part(cls, part: str) -> SourceError:
        """Say that a part holds no records."""
        return cls(f"{part} is empty.", "Fetch it again, or remove it and its manifest entry.")

    @classmethod
    def unreadable_part(cls, part: str, place: str, found: str) -> SourceError:
        """Say where reading a part failed and with what."""
        return cls(
            f"{part}, {place}: {found}",
            "Fetch the file again or repair that place; what was read before stays usable.",
        )

    @classmethod
    def missing_key(cls, part: str, line: int, key: str) -> SourceError:
        """Say which needed key a record lacks."""
        return cls(
            f"{part}, record {line}: the needed key `{key}` is missing or null.",
            "Repair or remove that record, then add the part again.",
        )

    @classmethod
    def absent_parts(cls, manifest: str, listed: int, absent: Iterable[str]) -> SourceError:
        """Say which parts a manifest lists that are not there."""
        names = list(absent)
        first = ", ".join(names[:NEAREST_NAMES])
        return cls(
            f"{manifest} lists {listed} parts; {len(names)} of them are not here, first {first}.",
            "Fetch them, or pass --allow-incomplete to add what is here; the lake will say so.",
        )

    @classmethod
    def without_manifest(cls, directory: str) -> SourceError:
        """Say that a snapshot directory has no list of its parts."""
        return cls(
            f"{directory} is a directory of a snapshot, but there is no `manifest` or "
            "`manifest.json` that lists its parts, so that nobody can tell whether all are here.",
            "Fetch the manifest, or pass --allow-incomplete to add what is here.",
        )

    @classmethod
    def unreadable_manifest(cls, manifest: str, found: str) -> SourceError:
        """Say that a list of parts cannot be read."""
        return cls(
            f"{manifest} is not a list of parts: {found}",
            "Fetch it again, or remove it and pass --allow-incomplete.",
        )

    @classmethod
    def other_count(cls, part: str, listed: int, found: int) -> SourceError:
        """Say that a part holds fewer or more records than its manifest lists."""
        return cls(
            f"{part}: the manifest lists {listed} records, the file holds {found}.",
            "Fetch the part and the manifest again: one of them is older or cut off.",
        )

    @classmethod
    def other_snapshot(cls, register: str, present: str, asked: str) -> SourceError:
        """Say that a lake holds another snapshot of the register."""
        return cls(
            f"The lake holds the register {register} as {present}; this would add it as {asked}, "
            "and two snapshots are never mixed.",
            "Pass --replace to put the new one in its place, or start a new lake.",
        )

    @classmethod
    def not_a_date(cls, given: str) -> SourceError:
        """Say that the date of a snapshot is none."""
        return cls(f"The snapshot `{given}` is not a date.", "Write it as YYYY-MM-DD.")

    @classmethod
    def not_yet(cls, given: str, today: str) -> SourceError:
        """Say that a snapshot would be of a day that has not come."""
        return cls(
            f"The snapshot `{given}` is after today, {today}.",
            "Give the day on which the register was as it is in these files.",
        )

    @classmethod
    def failed_parts(cls, problems: Iterable[str], n_parts: int) -> SourceError:
        """List every part that failed."""
        listed = list(problems)
        return cls(
            "\n".join([f"{len(listed)} of {n_parts} parts could not be added:", *listed]),
            "Repair or remove these and run the same command again; the others are not read anew.",
        )

    @classmethod
    def two_layouts(cls, path: str, parts: Mapping[str, str]) -> SourceError:
        """Say that the same records are there in two formats."""
        found = " and ".join(f"as {name} ({part})" for name, part in sorted(parts.items()))
        return cls(
            f"{path} holds the same kind of records {found}.",
            "A snapshot holds all of them in each format: name the directory of one.",
        )


class TableError(FourseasError):
    """A table does not keep what its declaration promises."""

    @classmethod
    def missing_columns(
        cls, table: str, missing: Iterable[str], present: Iterable[str]
    ) -> TableError:
        """Say which declared columns a table lacks."""
        return cls(
            f"Table `{table}` lacks {', '.join(sorted(missing))}; "
            f"it has {', '.join(sorted(present))}.",
            "Rebuild it with `fourseas build`: it was written by an older version.",
        )

    @classmethod
    def out_of_range(cls, table: str, found: str) -> TableError:
        """Say that a value does not fit the type that its column has."""
        return cls(
            f"Table `{table}`: {found}.",
            "Look for that value in the files that were added, repair them and add them again; "
            "the version before stays usable.",
        )

    @classmethod
    def wrong_type(cls, table: str, column: str, found: str, declared: str) -> TableError:
        """Say that a column's type is not the declared one."""
        return cls(
            f"Table `{table}`, column `{column}`: found type {found}, declared {declared}.",
            "Rebuild it with `fourseas build`: it was written by an older version.",
        )

    @classmethod
    def broken_law(cls, table: str, law: str, rows: int, example: str) -> TableError:
        """Say which promise of a table some rows break."""
        return cls(
            f"Table `{table}`: {law} does not hold in {rows} rows, for example {example}.",
            "Nothing was published. Check the input named there, or report this as a fault.",
        )


class LakeError(FourseasError):
    """The lake directory, its disk, or its state stands in the way."""

    @classmethod
    def not_a_lake(cls, path: str) -> LakeError:
        """Say that a directory is no lake."""
        return cls(f"{path} is not a lake.", f"Create one with `fourseas init {path} --scope ...`.")

    @classmethod
    def already_a_lake(cls, path: str) -> LakeError:
        """Say that there is something where a new lake should go."""
        return cls(
            f"{path} exists and is not empty.",
            "Choose another path, or add to the lake there.",
        )

    @classmethod
    def not_built(cls, path: str) -> LakeError:
        """Say that a lake has no built version yet."""
        return cls(f"The lake {path} has not been built.", f"Run `fourseas build {path}`.")

    @classmethod
    def nothing_added(cls, path: str) -> LakeError:
        """Say that a lake holds no registers to build from."""
        return cls(
            f"The lake {path} holds no registers.",
            f"Add one with `fourseas add {path} ...`.",
        )

    @classmethod
    def disk(cls, path: str, reason: str) -> LakeError:
        """Say that writing failed, where and why."""
        return cls(
            f"Writing to {path} failed: {reason}.",
            "Free space or permissions there and run the same command again; it goes on "
            "where it stopped, and what was built before stays usable.",
        )

    @classmethod
    def busy(cls, path: str) -> LakeError:
        """Say that another process is writing to the lake."""
        return cls(
            f"Another process is writing to the lake {path}.",
            "Wait until it ends, then try again.",
        )

    @classmethod
    def memory(cls, work: str, limit: str) -> LakeError:
        """Say that the memory limit is too low for a piece of work."""
        return cls(
            f"The memory limit, {limit}, does not suffice for {work}.",
            "Raise `memory_limit` in the lake's lake.json, or lower `threads` there.",
        )

    @classmethod
    def wrong_settings(cls, path: str, found: str) -> LakeError:
        """Say that the settings of a lake cannot be read."""
        return cls(
            f"{path} cannot be read: {found}.",
            "Restore it from a copy, or start a new lake with this version of fourseas.",
        )

    @classmethod
    def outdated(cls, register: str, reason: str) -> LakeError:
        """Say that a register was read by a version that wrote other columns."""
        return cls(
            f"The register {register} was read by another version of fourseas: {reason}",
            "Add its files again with `fourseas add`, then build.",
        )


class EngineError(FourseasError):
    """The engine that should build cannot start, or not go on; `lake.spark` says why."""


class PolicyError(FourseasError):
    """A policy, a case or a list is not written as it must be, or lacks what it refers to."""

    @classmethod
    def in_document(cls, document: str, problems: Iterable[str]) -> PolicyError:
        """List everything that is wrong in a document, each with its line and column."""
        listed = list(problems)
        n = f"{len(listed)} problems" if len(listed) > 1 else "1 problem"
        return cls(
            "\n".join([f"{document}: {n}.", *(f"  {problem}" for problem in listed)]),
            "Nothing was found or written; mend the document and run the command again.",
        )

    @classmethod
    def missing_list(cls, policy: str, list_id: str, given: Iterable[str]) -> PolicyError:
        """Say that a list to which a policy refers was not given."""
        names = ", ".join(sorted(given)) or "none"
        return cls(
            f"The policy {policy} refers to the list `{list_id}`, which was not given ({names}).",
            f"Give it with --lists FILE, the file of the list `{list_id}`.",
        )

    @classmethod
    def unfit_assumption(cls, written: str, problem: str, remedy: str) -> PolicyError:
        """Say why something cannot be assumed of past cases."""
        return cls(f"Cannot assume `{written}`. {problem}", remedy)

    @classmethod
    def undated_statement(cls, name: str) -> PolicyError:
        """Say that the owner's words on not acting bear no day."""
        return cls(
            f"{name} does not say of which day it is.", "Begin it with a day: `2024-06-30: ...`."
        )

    @classmethod
    def unknown_example(cls, name: str, offer: str) -> PolicyError:
        """Say that there is no example of a name, and which is near."""
        return cls(
            f"There is no example named `{name}`, nor a directory with a policy.yaml.",
            f"{offer} `fourseas policy examples` lists all.",
        )

    @classmethod
    def other_list(cls, list_id: str, meant: str, found: str) -> PolicyError:
        """Say that a list is not the edition to which a policy refers."""
        return cls(
            f"The policy means the list `{list_id}` as {meant}; the one given is {found}.",
            "Give that edition, or change the policy to this one and have its owner agree.",
        )


class ListError(FourseasError):
    """The lists of a lake: one that is not there, or a review that means nothing."""

    @classmethod
    def unstated(cls, name: str, problems: Iterable[str]) -> ListError:
        """Say what must be stated of a list and was not, or wrongly."""
        told = list(problems)
        return cls(
            "\n".join([f"The list `{name}` cannot be taken:", *(f"  {one}" for one in told)]),
            "Nothing was written; run the command again with these stated.",
        )

    @classmethod
    def there_already(cls, name: str) -> ListError:
        """Say that a list of this name is there."""
        return cls(
            f"There is a list `{name}` already.",
            f"`fourseas lists refresh {name} FILE` adds an edition of it; the older ones stay.",
        )

    @classmethod
    def changed(cls, path: str) -> ListError:
        """Say that an edition is no longer what its hash says."""
        return cls(
            f"{path} is not what was stored: its hash does not fit.",
            "Put the file back from a copy.",
        )

    @classmethod
    def unreadable(cls, path: str, found: str) -> ListError:
        """Say that a stored list cannot be read."""
        return cls(f"{path} cannot be read: {found}.", "Put the file back from a copy.")

    @classmethod
    def overtaken(cls, name: str, newest: int) -> ListError:
        """Say that somebody else has added an edition meanwhile."""
        return cls(
            f"Edition {newest} of the list `{name}` was added meanwhile.",
            f"See it with `fourseas lists show {name}`, then run the command again.",
        )

    @classmethod
    def unknown(cls, kind: str, name: str, known: Iterable[str]) -> ListError:
        """Say that a list, or an entry under review, is not there; offer what is near."""
        names = sorted(set(known))
        near = difflib.get_close_matches(name, names, n=NEAREST_NAMES, cutoff=0.5)
        offered = near or names[:FEW_NAMES]
        return cls(
            f"There is no {kind} `{name}`.",
            f"There is {', '.join(offered)}." if offered else "`fourseas lists add` adds one.",
        )


class AuditError(FourseasError):
    """The audit log does not hold, or cannot do what was asked of it."""

    @classmethod
    def not_json(cls, found: str) -> AuditError:
        """Say that something cannot be recorded."""
        return cls(
            f"This cannot be recorded: {found}.",
            "Give text, numbers, true or false, lists and mappings with texts as keys.",
        )

    @classmethod
    def reserved_key(cls, key: str) -> AuditError:
        """Say that a key is one that seals are known by."""
        return cls.not_json(f"the key `{key}` begins with $, as only seals do")

    @classmethod
    def absent_document(cls, sha256: str, place: str) -> AuditError:
        """Say that a text by which something was found is not kept."""
        return cls(
            f"No text with the hash `{sha256}` is kept in {place}.",
            "Put the file that it was found by there, under its hash.",
        )

    @classmethod
    def changed_document(cls, path: str) -> AuditError:
        """Say that a kept text is no longer what its name says."""
        return cls(
            f"{path} is not what its name, its hash, says: it was changed.",
            "Put the file back from a copy.",
        )

    @classmethod
    def other_kind(cls, seq: int, kind: str, wanted: str) -> AuditError:
        """Say that a record is not of the kind that was asked for."""
        return cls(
            f"Record {seq} is a {kind}, not a {wanted}.",
            f"`fourseas audit log --kind {wanted}` shows the records that are.",
        )

    @classmethod
    def not_a_head(cls, given: str) -> AuditError:
        """Say that something is not the head of a chain."""
        return cls(f"`{given}` is no head.", "Give all 64 signs (0-9, a-f) as they were printed.")

    @classmethod
    def names_the_forgotten(cls) -> AuditError:
        """Say that a reason would keep the name that is to go."""
        return cls(
            "The reason names the person who is to be forgotten.",
            "Write it without the name: the record of the removal stays.",
        )

    @classmethod
    def names_in_label(cls, label: str) -> AuditError:
        """Say that the label of a case would keep a name for good."""
        return cls(
            f"The label `{label}` of the case names a person of it, and labels cannot be removed "
            "from the log.",
            "Nothing was recorded. Give the case a label without names.",
        )

    @classmethod
    def closed_entries(cls, path: str) -> AuditError:
        """Say that the reader may not see what is kept about persons."""
        return cls(
            f"The entries about persons in {path} are closed to you.",
            "Have the owner of the lake run this.",
        )

    @classmethod
    def unknown_record(cls, seq: int, n_records: int) -> AuditError:
        """Say that the log has no record of a number."""
        have = f"1 to {n_records}" if n_records else "none"
        return cls(
            f"The audit log has no record {seq}; it has {have}.",
            "`fourseas audit log` shows them.",
        )

    @classmethod
    def broken(cls, path: str, faults: Iterable[str]) -> AuditError:
        """Say where a log is not as it was written."""
        return cls(
            "\n".join([f"The audit log {path} is not as it was written.", *faults]),
            "Nothing was changed. Compare it with a copy, and with the heads that were printed; "
            "`fourseas audit verify` reads it from its first record.",
        )

    @classmethod
    def absent_head(cls, path: str, head: str, n_records: int) -> AuditError:
        """Say that a head that was printed once is in the log no longer."""
        return cls(
            f"No record of {path} has the head {head}: its end was cut, or records were changed. "
            f"It has {n_records} records.",
            "Compare the log with a copy from after that head was printed.",
        )

    @classmethod
    def not_the_last(cls, path: str, seq: int, n_records: int) -> AuditError:
        """Say that records follow a head that should be the last."""
        return cls(
            f"The head given is that of record {seq} of {path}; {n_records - seq} follow it.",
            "See them with `fourseas audit log`; without --last, a head need not be the last.",
        )

    @classmethod
    def refused(cls, problem: str, remedy: str) -> AuditError:
        """Say why something was not recorded."""
        return cls(problem, remedy)

    @classmethod
    def unknown(cls, kind: str, name: str, known: Iterable[str]) -> AuditError:
        """Say that a case or record is not in the log; offer what is near."""
        names = sorted(set(known))
        near = difflib.get_close_matches(name, names, n=NEAREST_NAMES, cutoff=0.5)
        offered = near or names[:FEW_NAMES]
        return cls(
            f"The audit log has no {kind} `{name}`.",
            f"It has {', '.join(offered)}." if offered else "It is empty.",
        )


class BundleError(FourseasError):
    """A bundle that cannot be read, or is not as it was packed."""

    @classmethod
    def unreadable(cls, path: str, reason: str) -> BundleError:
        """Say why a file is no bundle."""
        return cls(
            f"{path} cannot be read as a bundle: {reason}.",
            "Give a file that `fourseas bundle` wrote, or fetch it again.",
        )

    @classmethod
    def changed(cls, path: str, faults: Iterable[str]) -> BundleError:
        """List what in a bundle is not as it was packed."""
        return cls(
            "\n".join([f"{path} is not as it was packed:", *(f"  {fault}" for fault in faults)]),
            "Fetch it again from where it was published, and compare the hash of the whole file.",
        )


class WorldError(FourseasError):
    """A synthetic world cannot be as it is asked for, or not there."""

    @classmethod
    def size(cls, works: int, most: int) -> WorldError:
        """Say that a world has too few or too many works."""
        return cls(
            f"A world of {works:,} works cannot be written.",
            f"Give --works a number from 1 to {most:,}.",
        )

    @classmethod
    def occupied(cls, path: str) -> WorldError:
        """Say that there is something where a world should go."""
        return cls(f"{path} exists and is not empty.", "Name a directory that holds nothing.")

    @classmethod
    def another(cls, path: str) -> WorldError:
        """Say that parts of another world are there."""
        return cls(
            f"{path} holds parts of a world of another size, seed, layout or schema.",
            "Ask for the same world again, or name another directory.",
        )

    @classmethod
    def parts(cls, asked: str, n_parts: int) -> WorldError:
        """Say that a world does not have such parts."""
        return cls(
            f"There are no parts {asked} of this world.",
            f"Give --parts one number or first-last, from 1 to {n_parts:,}.",
        )


class UnknownNameError(FourseasError):
    """A name that nothing here bears, with the nearest ones that exist."""

    @classmethod
    def of(cls, kind: str, name: str, known: Iterable[str]) -> UnknownNameError:
        """Offer the known names that are nearest to the unknown one."""
        names = sorted(set(known))
        folded = {known_name.casefold(): known_name for known_name in names}
        near = difflib.get_close_matches(name.casefold(), folded, n=NEAREST_NAMES, cutoff=0.6)
        offer = ""
        if near:
            offer = f"Did you mean {' or '.join(folded[match] for match in near)}? "
        elif len(names) <= FEW_NAMES:
            offer = f"There are {', '.join(names)}. "
        return cls(
            f"There is no {kind} named `{name}`.",
            f"{offer}`fourseas list {kind}` shows all.",
        )

    @classmethod
    def organization(cls, name: str, near: Iterable[str]) -> UnknownNameError:
        """Offer organizations whose names are like the unknown one."""
        listed = "; ".join(near)
        return cls(
            f"There is no organization named `{name}`.",
            f"There is {listed}." if listed else "`fourseas list organization` shows the largest.",
        )


class AmbiguousNameError(FourseasError):
    """A name that several things here bear."""

    @classmethod
    def organization(cls, name: str, candidates: Iterable[str]) -> AmbiguousNameError:
        """List the organizations of one name with their ids."""
        listed = list(candidates)
        return cls(
            f"`{name}` is the name of {len(listed)} organizations: {'; '.join(listed)}.",
            "Give the id of one of them.",
        )


class NotComputableError(FourseasError):
    """A question that these data cannot answer."""

    @classmethod
    def because(cls, question: str, reason: str, remedy: str) -> NotComputableError:
        """Say what cannot be computed and why."""
        return cls(f"{question} is not computable, because {reason}.", remedy)
