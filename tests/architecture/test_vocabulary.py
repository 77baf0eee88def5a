"""No file has a banned word that `vocabulary.toml` does not list, and the list has nothing that is gone."""

import pytest

from tests.architecture import vocabulary
from tests.architecture.source import ROOT


def test_no_banned_word_is_added_and_none_stays_listed():
    found = {str(path.relative_to(ROOT)): vocabulary.banned_in(path) for path in vocabulary.files()}
    allowed = vocabulary.allowed()
    better = {**vocabulary.BANNED_WORDS, **vocabulary.BANNED_NAMES}
    added = [
        f"{path}: {word} ({better[word]})" for path, words in found.items() for word in words - allowed.get(path, set())
    ]
    gone = [f"{path}: {word}" for path, words in allowed.items() for word in words - found.get(path, set())]
    assert not added, "Words that docs/vocabulary.md replaces:\n" + "\n".join(sorted(added))
    assert not gone, "No longer there, so no longer to be listed:\n" + "\n".join(sorted(gone))


@pytest.mark.parametrize(
    "text", ["the house rules", "house_jobs", "HouseTables", "a stand-in for Stripe", "two Neighbours"]
)
def test_a_banned_word_is_found(text: str):
    assert vocabulary.words_of(text)


@pytest.mark.parametrize("text", ["warehouse", "a dead letter", "dead_letters", "ESTUARY_STAND_INS", "letterhead"])
def test_a_term_of_the_field_is_none(text: str):
    assert not vocabulary.words_of(text)


def test_names_are_compared_as_they_are_written():
    assert vocabulary.names_of("class News: ...\nrt = News()\nnews = 1\n") == {"News", "rt"}
