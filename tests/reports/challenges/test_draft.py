"""Drafts of lists: candidates by the words of a brief, decided by nobody yet."""

from __future__ import annotations

import pytest

from fourseas.challenge_lists import named_topics
from fourseas.challenges.challenge import ChallengeError, parse_challenge
from fourseas.errors import NotComputableError
from fourseas.reports.challenges.draft import Topic, draft

TOPICS = (
    Topic(topic_id="T1", name="Irrigation and drought", above="Water Science Earth"),
    Topic(topic_id="T2", name="Greenhouses", above="Horticulture and Irrigation"),
    Topic(topic_id="T3", name="Roman law", above="History of the Law"),
)


def _ids(brief: str, *, take: int = 9) -> list[str]:
    return [row["id"] for row in draft(brief, TOPICS, name="water", take=take)]


def test_a_word_of_the_name_counts_more_than_one_above_it() -> None:
    assert _ids("irrigation") == ["T1", "T2"]
    assert _ids("irrigation", take=1) == ["T1"]


def test_words_are_matched_by_their_stems_and_small_words_not_at_all() -> None:
    assert _ids("droughts of the and to") == ["T1"]


def test_signs_of_a_query_language_are_no_more_than_signs() -> None:
    assert _ids('greenhouse AND NOT (roman:"x') == ["T2", "T3"]


def test_decisions_are_left_to_a_person() -> None:
    (row, *_) = draft("irrigation", TOPICS, name="water", take=9)

    assert (row["weight"], row["decision"], row["reason"]) == ("", "", "")
    assert (row["challenge"], row["kind"]) == ("water", "topic")
    text = ",".join(row) + "\n" + ",".join(f'"{value}"' for value in row.values())
    with pytest.raises(ChallengeError, match="decision is empty"):
        parse_challenge(text, name="water", where="water.csv")


@pytest.mark.parametrize("brief", ["zzzz", "", "of the and", "?!"])
def test_a_brief_without_a_known_word_is_refused(brief: str) -> None:
    with pytest.raises(NotComputableError, match="no topic of OpenAlex has one of its words"):
        _ids(brief)


def test_all_4516_topics_of_openalex_have_a_name_and_two_above() -> None:
    named = named_topics()

    assert len(named) == 4516
    assert all(name and above for name, above in named.values())
