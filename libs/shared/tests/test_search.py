"""How a query is taken apart, and that what it becomes is made once."""

import pytest
from sqlalchemy import ColumnElement, Text, column, func
from sqlalchemy.dialects import postgresql

from shared.database.search import MOST_EXCLUDED, SearchTerms, has, holds, query_of, says
from shared.errors import Invalid

TEXT: ColumnElement[str] = column("folded", Text)


def fold(text):
    return func.s.fold(text, type_=Text)


def sql(condition):
    return str(condition.compile(dialect=postgresql.dialect()))


@pytest.mark.parametrize(
    ("query", "wanted", "excluded"),
    [
        ("yoga -hatha", "yoga", ("hatha",)),
        ("-hatha", "", ("hatha",)),
        ("post-natal", "post-natal", ()),
        ("-" * 33, "-" * 33, ()),
        ("yoga - now", "yoga now", ()),
        ("a  b", "a b", ()),
        ("a -b -c -b", "a", ("b", "c")),
    ],
)
def test_words(query, wanted, excluded):
    assert SearchTerms.of(query) == SearchTerms(wanted, excluded)


def test_the_number_of_excluded_words_is_limited():
    words = [f"-w{number}" for number in range(MOST_EXCLUDED + 1)]
    assert len(SearchTerms.of(" ".join(words[1:] * 2)).excluded) == MOST_EXCLUDED
    with pytest.raises(Invalid) as refused:
        SearchTerms.of(" ".join(words))
    assert [(error.field, error.code) for error in refused.value.errors] == [("search", "too_many_words")]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("a b a A", "a b"),
        ("a b or a c or b a", "a b or a c or b a"),
        ("a OR a or a", "a"),
        ('"a a" a a', '"a a" a a'),
        ("or or", "or"),
    ],
)
def test_a_word_is_asked_for_once(words, asked):
    compiled = query_of(fold, words).compile(dialect=postgresql.dialect())
    assert list(compiled.params.values()) == [asked]


@pytest.mark.parametrize(
    "condition", [has(fold, TEXT, "yoga", indexed=True), has(fold, TEXT, "yo"), query_of(fold, "a")]
)
def test_what_the_query_becomes_is_not_made_for_each_row(condition):
    assert "(SELECT " in sql(condition)


@pytest.mark.parametrize(
    ("words", "way"), [("yoga", "LIKE"), ("a yo", "strpos"), ("?!%_", "strpos"), ("日本", "strpos")]
)
def test_an_index_of_trigrams_is_asked_only_for_words_that_have_some(words, way):
    assert way in sql(has(fold, TEXT, words, indexed=True))


def test_a_text_that_is_not_stored_folded_is_folded_where_it_is_read():
    condition = sql(says(TEXT, "yoga -hatha"))
    assert condition.count("lower(public.unaccent(folded))") == 2


def test_each_excluded_word_is_absent():
    condition = sql(holds(fold, TEXT, SearchTerms("yoga", ("hatha", "power"))))
    assert (condition.count(") > "), condition.count(") <= ")) == (1, 2)
