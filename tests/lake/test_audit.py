"""The audit log: appended to by many, killed at any moment, cut, forgotten from, and verified."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import shutil
import signal
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from fourseas.errors import AuditError, LakeError
from fourseas.lake import audit, layout, persons, sealing
from fourseas.lake.chain import JsonMapping
from fourseas.lake.layout import Lake
from fourseas.lake.sealing import Keeping
from tests.lake import appending
from tests.lake.appending import KEEPING, append, decide
from tests.lake.places import closed_directory, files_end_at
from tests.lake.small import temporary_directory

N_WRITERS = 4
N_RECORDS = 25
NEVER = -1
N_KILLS_IN_TIME = 8


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Return an empty lake."""
    return layout.init(tmp_path / "lake", scope="corpus")


def process(target: object, *arguments: object) -> BaseProcess:
    """Start a process of its own."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.lake.appending"])
    started = context.Process(target=target, args=arguments)  # type: ignore[arg-type]
    started.start()
    return started


def lines(lake: Lake) -> list[bytes]:
    """Return the lines of the log."""
    with lake.audit.open("rb") as stream:
        return list(stream)


def test_the_hash_of_each_line_stands_in_the_next_and_the_last_is_the_head(lake: Lake) -> None:
    heads = [append(lake, {"n": n}, case="A-1").record.head for n in range(3)]
    written = [line[:-1] for line in lines(lake)]
    hashes = [hashlib.sha256(line).hexdigest() for line in written]

    assert heads == hashes
    assert [json.loads(line)["previous"] for line in written] == ["0" * 64, *hashes[:2]]
    assert [json.loads(line)["seq"] for line in written] == [1, 2, 3]
    assert [json.loads(line)["body"] for line in written] == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_an_empty_log_holds(lake: Lake) -> None:
    verdict = audit.verify(lake)

    assert (verdict.n_records, verdict.head) == (0, "0" * 64)
    assert audit.records(lake) == ()


def test_an_old_head_is_in_the_chain_and_the_last_is_its_end(lake: Lake) -> None:
    old, last = (append(lake, {"n": n}).record.head for n in range(2))

    assert audit.verify(lake, [old]).places == {old: 1}
    assert audit.verify(lake, [old], last=last).places == {old: 1, last: 2}
    with pytest.raises(AuditError) as raised:
        audit.verify(lake, last=old)
    assert "that of record 1" in raised.value.problem
    assert "1 follow it" in raised.value.problem


def test_a_cut_tail_is_seen_by_who_knows_the_head(lake: Lake) -> None:
    head = [append(lake, {"n": n}).record.head for n in range(3)][-1]
    lake.audit.write_bytes(b"".join(lines(lake)[:2]))

    assert audit.verify(lake).n_records == 2
    with pytest.raises(AuditError, match="its end was cut, or records were changed"):
        audit.verify(lake, [head])


@pytest.mark.parametrize("head", ["", "abc", "A" * 64, "0" * 63])
def test_what_is_no_head_is_refused(lake: Lake, head: str) -> None:
    with pytest.raises(AuditError, match="is no head"):
        audit.verify(lake, [head])


def test_a_changed_record_is_named_and_nothing_is_read_from_such_a_log(lake: Lake) -> None:
    for n in range(3):
        append(lake, {"outcome": "closed", "n": n})
    changed = lake.audit.read_bytes().replace(b'"closed"', b'"open"', 1)
    lake.audit.write_bytes(changed)

    for work in (audit.verify, audit.records):
        with pytest.raises(AuditError) as raised:
            work(lake)
        assert "record 1 was changed" in raised.value.problem


def test_nothing_is_appended_behind_a_record_that_cannot_be_read(lake: Lake) -> None:
    append(lake, {"n": 1})
    lake.audit.write_bytes(lake.audit.read_bytes() + b"nonsense\n")

    with pytest.raises(AuditError, match="Its last record cannot be read"):
        append(lake, {"n": 2})
    assert lines(lake)[-1] == b"nonsense\n"


def test_writers_at_the_same_time_lose_nothing(lake: Lake, tmp_path: Path) -> None:
    told = [tmp_path / f"heads_{writer}" for writer in range(N_WRITERS)]
    started = [
        process(appending.append_many, lake.root, writer, N_RECORDS, heads)
        for writer, heads in enumerate(told)
    ]
    for one in started:
        one.join()
        assert one.exitcode == 0

    said = [line.split() for heads in told for line in heads.read_text().splitlines()]
    verdict = audit.verify(lake, {head for _, head, _, _ in said})
    assert verdict.n_records == N_WRITERS * N_RECORDS
    assert {head: int(seq) for seq, head, _, _ in said} == verdict.places
    assert verdict.n_seals == N_WRITERS * N_RECORDS
    assert (verdict.n_removed, verdict.orphans) == (0, ())
    for writer in range(N_WRITERS):
        mine = [(int(seq), int(n)) for seq, _, who, n in said if int(who) == writer]
        assert [n for _, n in sorted(mine)] == [*range(N_RECORDS)]


def test_a_writer_waits_its_turn_and_not_for_ever(lake: Lake) -> None:
    with (
        layout.taking_turns(lake.policy),
        pytest.raises(LakeError, match="Another process is writing"),
        layout.taking_turns(lake.policy, patience=0.02),
    ):
        pass


@pytest.fixture(scope="module")
def n_changes(tmp_path_factory: pytest.TempPathFactory) -> int:
    """Return how often two appends change the disk."""
    place = tmp_path_factory.mktemp("changes")
    lake = layout.init(place / "lake", scope="corpus")
    done = process(appending.append_until, lake.root, NEVER, place / "told")
    done.join()
    assert done.exitcode == 0
    return int((place / "told").read_text(encoding="ascii"))


def test_killed_before_each_change_on_the_disk(n_changes: int, tmp_path: Path) -> None:
    assert n_changes > 8
    for die_at in range(1, n_changes + 1):
        lake = layout.init(tmp_path / f"lake_{die_at}", scope="corpus")
        before = append(lake, {"n": 0}).record.head
        killed = process(appending.append_until, lake.root, die_at, tmp_path / "told")
        killed.join()
        assert killed.exitcode == -signal.SIGKILL

        known = [record.head for record in audit.records(lake)]
        last = decide(lake, "Cy Example", 3).record.head
        verdict = audit.verify(lake, known, last=last)
        assert verdict.places[before] == 1
        assert verdict.n_removed == 0
        assert not list(lake.persons.glob(".*"))


@pytest.mark.parametrize("kill", range(N_KILLS_IN_TIME))
def test_killed_at_a_moment_nothing_that_was_told_is_lost(
    lake: Lake, tmp_path: Path, kill: int
) -> None:
    heads = tmp_path / "heads"
    heads.touch()
    writer = process(appending.append_many, lake.root, 0, 100_000, heads)
    while heads.stat().st_size < 70 * (1 + kill * 3):
        writer.join(timeout=0.0007 * (kill + 1))
    writer.kill()
    writer.join()
    assert writer.exitcode == -signal.SIGKILL

    told = [line.split() for line in heads.read_text().splitlines()]
    last = decide(lake, "Cy Example").record.head
    verdict = audit.verify(lake, [head for _, head, _, _ in told], last=last)
    assert [verdict.places[head] for _, head, _, _ in told] == [int(seq) for seq, _, _, _ in told]
    assert verdict.n_removed == 0


def test_a_last_line_torn_at_any_byte_is_seen_and_mended(lake: Lake) -> None:
    append(lake, {"n": 1})
    whole = lake.audit.read_bytes()
    append(lake, {"n": 2, "text": "线"})
    longer = lake.audit.read_bytes()
    ends = [*range(len(whole) + 1, len(longer), 9), *range(len(longer) - 12, len(longer))]
    for end in ends:
        torn = longer[:end]
        lake.audit.write_bytes(torn)
        with pytest.raises(AuditError, match="Record 2, the last, is not finished"):
            audit.verify(lake)
        assert [record.body for record in audit.records(lake)] == [{"n": 1}]

        done = append(lake, {"n": 3})

        is_complete = end == len(longer) - 1
        assert audit.verify(lake, last=done.record.head).n_records == (4 if is_complete else 3)
        kinds = [record.kind for record in audit.records(lake)]
        assert kinds[-2:] == ["recovery", "note"]
        assert done.recovered is not None
        if is_complete:
            assert "no end of line, which was added" in done.recovered
            assert audit.records(lake)[1].body == {"n": 2, "text": "线"}
        else:
            assert "set aside in audit.torn" in done.recovered
            assert (lake.policy / audit.TORN).read_bytes() == torn[len(whole) :] + b"\n"
        note = audit.records(lake)[-2]
        assert note.body["sha256"] == hashlib.sha256(torn[len(whole) :]).hexdigest()
        shutil.rmtree(lake.policy)
        lake.policy.mkdir()
        lake.audit.write_bytes(whole)


def test_a_first_line_that_is_torn_is_mended_too(lake: Lake) -> None:
    lake.policy.mkdir()
    lake.audit.write_bytes(b'{"at":')
    done = append(lake, {"n": 1})

    assert [record.kind for record in audit.records(lake)] == ["recovery", "note"]
    assert audit.verify(lake, last=done.record.head).n_records == 2


def test_records_longer_than_a_block_are_chained(lake: Lake) -> None:
    for n in range(3):
        append(lake, {"n": n, "text": "x" * (2 * audit.BLOCK + n)})

    assert audit.verify(lake).n_records == 3


def test_a_full_disk_leaves_the_log_as_it_was(lake: Lake) -> None:
    decide(lake, "Zoe Example")
    before = lake.audit.read_bytes()
    entries = sorted(lake.persons.iterdir())
    with files_end_at(len(before) + 20), pytest.raises(LakeError, match="File too large"):
        decide(lake, "Bo Example")

    assert lake.audit.read_bytes() == before
    assert sorted(lake.persons.iterdir()) == entries
    assert decide(lake, "Bo Example").recovered is None
    assert audit.verify(lake).orphans == ()


def test_a_lake_that_is_closed_to_writing_can_be_verified_by_who_may_not_see_persons() -> None:
    with temporary_directory() as place:
        place.chmod(0o755)
        lake = layout.init(place / "lake", scope="corpus")
        head = decide(lake, "Zoe Example").record.head
        for entry in lake.persons.iterdir():
            entry.chmod(0o000)
        with closed_directory(lake.root):
            verdict = audit.verify(lake, [head])
            shown, gone = audit.restored(lake, audit.records(lake)[0].body)
            with pytest.raises(LakeError, match="Permission denied"):
                decide(lake, "Bo Example")

    assert (verdict.n_seals, verdict.n_removed) == (1, None)
    assert gone == ("/by",)
    assert "Zoe" not in json.dumps(shown)


def test_persons_stand_beside_the_chain_for_their_owner_alone(lake: Lake) -> None:
    done = decide(lake, "Zoe Example")
    (entry,) = done.entries

    assert b"Zoe" not in lake.audit.read_bytes()
    assert audit.restored(lake, done.record.body)[0] == {
        "by": {"name": "Zoe Example"},
        "n": 0,
        "outcome": "open",
    }
    assert lake.persons.stat().st_mode & 0o777 == 0o700
    assert persons.path_of(lake, entry).stat().st_mode & 0o777 == 0o600
    assert (entry.purpose, entry.expires_on) == ("to show who decided", "2031-01-01")


def test_forgetting_removes_the_person_and_the_chain_still_holds(lake: Lake) -> None:
    heads = [decide(lake, name).record.head for name in ("Zoe Example", "Bo Example")]
    before = lines(lake)
    zoe, bo = persons.kept(lake)[0]
    done = audit.forget(lake, [zoe], by={"name": "Cy Example"}, reason="Asked to.", keeping=KEEPING)

    verdict = audit.verify(lake, heads, last=done.record.head)
    assert (verdict.n_seals, verdict.n_removed, verdict.n_announced) == (3, 1, 1)
    assert lines(lake)[:2] == before
    left = b"".join(path.read_bytes() for path in lake.root.rglob("*") if path.is_file())
    assert b"Zoe" not in left
    assert zoe.salt.encode() not in left
    assert b"Bo Example" in left
    shown, gone = audit.restored(lake, audit.records(lake)[0].body)
    assert gone == ("/by",)
    assert shown == {"by": {"$sealed": zoe.seal}, "n": 0, "outcome": "open"}
    assert audit.restored(lake, audit.records(lake)[1].body)[1] == ()
    assert done.record.body["n_entries"] == 1
    assert bo in persons.kept(lake)[0]


def test_without_its_salt_a_seal_fits_no_guess(lake: Lake) -> None:
    one, two = (decide(lake, "Zoe Example").entries[0] for _ in range(2))
    stated = json.dumps(
        {"content": one.content, "expires_on": one.expires_on, "purpose": one.purpose},
        separators=(",", ":"),
    ).encode()

    assert one.seal == hashlib.sha256(bytes.fromhex(one.salt) + stated).hexdigest()
    assert one.seal != hashlib.sha256(stated).hexdigest()
    assert one.salt != two.salt
    assert len(bytes.fromhex(one.salt)) == 32
    assert one.seal != two.seal


def test_entries_removed_by_hand_leave_the_chain_whole_and_are_counted(lake: Lake) -> None:
    head = decide(lake, "Zoe Example").record.head
    shutil.rmtree(lake.persons)
    verdict = audit.verify(lake, [head])

    assert (verdict.n_seals, verdict.n_removed, verdict.n_announced) == (1, 1, 0)


def test_a_changed_entry_is_named(lake: Lake) -> None:
    (entry,) = decide(lake, "Zoe Example").entries
    path = persons.path_of(lake, entry)
    changes = (
        (b"Zoe", b"Eve"),
        (b"2031", b"2099"),
        (b"{", b"["),
        (b'"seq":1', b'"seq":""'),
        (b'"seq":1', b'"seq":2'),
    )
    for old, new in changes:
        whole = path.read_bytes()
        path.write_bytes(whole.replace(old, new, 1))
        with pytest.raises(AuditError) as raised:
            audit.verify(lake)
        assert f"persons/{path.name} is not an entry as it was sealed" in raised.value.problem
        path.write_bytes(whole)
    assert audit.verify(lake).n_removed == 0


@pytest.mark.parametrize("name", ["00000002-{seal}.json", "copy.json", "{name}.bak"])
def test_a_copy_of_an_entry_that_forgetting_would_not_reach_is_named(lake: Lake, name: str) -> None:
    (entry,) = decide(lake, "Zoe Example").entries
    path = persons.path_of(lake, entry)
    copy = path.with_name(name.format(seal=entry.seal[:16], name=path.name))
    shutil.copy(path, copy)

    with pytest.raises(AuditError) as raised:
        audit.verify(lake)
    assert f"persons/{copy.name} is not an entry as it was sealed" in raised.value.problem
    assert len(persons.kept(lake)[0]) == 1


def test_an_entry_that_was_forged_whole_belongs_to_no_record_and_the_true_one_is_missed(
    lake: Lake,
) -> None:
    (true,) = decide(lake, "Zoe Example").entries
    (forged,) = sealing.seal({"by": "Eve Example"}, KEEPING, seq=1).entries
    persons.path_of(lake, true).unlink()
    persons.keep(lake, [forged])
    verdict = audit.verify(lake)

    assert verdict.orphans == (forged,)
    assert (verdict.n_removed, verdict.n_announced) == (1, 0)
    assert "Eve" not in json.dumps(audit.restored(lake, audit.records(lake)[0].body))


def test_a_disk_that_is_full_before_the_record_is_written_keeps_no_entry_either(
    lake: Lake,
) -> None:
    before = decide(lake, "Zoe Example").entries
    with files_end_at(100), pytest.raises(LakeError, match="File too large"):
        append(lake, {"people": [{"name": "Bo Example"}, {"name": "Cy " + "x" * 400}]})

    assert persons.kept(lake) == (before, ())
    assert b"Bo Example" not in b"".join(path.read_bytes() for path in lake.persons.iterdir())
    assert audit.verify(lake).n_records == 1


@pytest.mark.parametrize("label", ["visit-weber", "Weber", "anna weber 2024", "AWeber@x.example"])
def test_a_label_that_names_a_person_of_the_case_is_refused(lake: Lake, label: str) -> None:
    body: JsonMapping = {"people": [{"label": "Anna Weber", "email": "aweber@x.example"}]}
    with pytest.raises(AuditError, match="names a person of it"):
        append(lake, body, case=label, kind="finding")

    assert not lake.audit.exists()
    done = append(lake, body, case="visit-17 webers", kind="finding")
    assert done.record.case == "visit-17 webers"


def test_who_decides_may_be_called_like_the_case(lake: Lake) -> None:
    append(lake, {}, case="grant-17", kind="finding")

    assert append(lake, {"by": "Hugh Grant"}, case="grant-17", kind="decision").record.seq == 2


def test_all_records_are_opened_as_each_is_alone(lake: Lake) -> None:
    for name in ("Zoe Example", "Bo Example"):
        decide(lake, name)
    records = audit.records(lake)

    assert [one.body for one in audit.opened(lake, records)] == [
        audit.restored(lake, one.body)[0] for one in records
    ]


def test_a_reason_that_names_the_forgotten_is_refused(lake: Lake) -> None:
    entries = decide(lake, "Zoe Example").entries
    with pytest.raises(AuditError, match="names the person who is to be forgotten"):
        audit.forget(
            lake,
            entries,
            by={"name": "Cy"},
            reason="Wish of zoe example, by letter.",
            keeping=KEEPING,
        )

    assert persons.kept(lake)[0] == entries


def test_entries_of_records_that_were_cut_off_are_reported(lake: Lake) -> None:
    decide(lake, "Zoe Example")
    (entry,) = decide(lake, "Bo Example").entries
    lake.audit.write_bytes(lines(lake)[0])

    assert audit.verify(lake).orphans == (entry,)
    decide(lake, "Cy Example")
    assert audit.verify(lake).orphans == (entry,)


def test_removing_what_belongs_to_no_record_announces_no_removal_of_what_does(lake: Lake) -> None:
    append(lake, {"n": 1})
    (left,) = sealing.seal({"by": "Zoe Example"}, KEEPING, seq=2).entries
    persons.keep(lake, [left])
    by: JsonMapping = {"name": "Cy"}
    done = audit.forget(lake, [left], by=by, reason="Of an append that died.", keeping=KEEPING)

    assert (done.record.body["n_entries"], done.record.body["n_without_record"]) == (0, 1)
    verdict = audit.verify(lake)
    assert (verdict.n_removed, verdict.n_announced, verdict.orphans) == (0, 0, ())


def test_the_time_and_the_version_of_the_writer_are_recorded(lake: Lake) -> None:
    done = audit.append(
        lake,
        audit.Draft(kind="note", case=None, body={}, keeping=Keeping(purpose="", expires_on="")),
        at="2026-01-02T03:04:05+00:00",
    )

    assert done.record.at == "2026-01-02T03:04:05+00:00"
    assert done.record.version
    assert next(count(1)) == audit.records(lake)[0].seq
