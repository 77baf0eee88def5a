import pytest

from shared.records.ids import new_id
from shared.records.mail_tokens import LENGTH, mail_token, row_of

KEY = b"k" * 32


def test_a_token_names_its_row_and_is_always_the_same():
    row_id = new_id()
    token = mail_token(KEY, "verify", row_id)
    assert (len(token), token) == (LENGTH, mail_token(KEY, "verify", row_id))
    assert row_of(KEY, "verify", token) == row_id


def test_another_kind_or_key_reads_nothing():
    token = mail_token(KEY, "verify", new_id())
    assert row_of(KEY, "reset", token) is None
    assert row_of(b"l" * 32, "verify", token) is None


def test_every_changed_character_is_noticed():
    token = mail_token(KEY, "verify", new_id())
    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(LENGTH)]
    assert {row_of(KEY, "verify", text) for text in changed} == {None}


@pytest.mark.parametrize("text", ["", "A", "A" * 63, "A" * 65, "é" * 64, "=" * 64, "*" * 64, " " * 64])
def test_what_is_no_token_reads_nothing(text):
    assert row_of(KEY, "verify", text) is None
