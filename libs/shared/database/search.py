"""What a person typed into a search field, taken apart: what is wanted, which words are excluded, and safe patterns."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, and_, false, func, literal, literal_column, not_, or_, select, true
from sqlalchemy.dialects.postgresql import TSQUERY

from shared.errors import Invalid

MOST_EXCLUDED = 5
"""Words of one search: each is looked for in every text that has the others."""
TRIGRAM = re.compile(r"\w{3}")
DASHES = re.compile("-{2,}")  # Postgres counts nested negations, and fails beyond 32
Fold = Callable[[ColumnElement[str]], ColumnElement[str]]
ENGLISH: ColumnElement[Any] = literal_column("'english'::regconfig")


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """`wanted` is the query without its excluded words; `excluded` are the words behind a hyphen (`yoga -hatha`)."""

    wanted: str
    excluded: tuple[str, ...]

    @classmethod
    def of(cls, query: str) -> "SearchTerms":
        """Takes the query apart at its blanks. Hyphens within words stay, hyphens without a word mean nothing.

        Decomposed characters, as in a pasted name of a file of macOS, are composed as people type them.

        Raises Invalid `too_many_words` for more than `MOST_EXCLUDED` different words that are excluded.
        """
        wanted, excluded = [], []
        for part in unicodedata.normalize("NFC", query).split():
            word = part.lstrip("-")
            if part.startswith("-") and any(map(str.isalnum, word)):
                excluded.append(word)
            elif word or not excluded:
                wanted.append(word or part)
        bare, different = [part for part in wanted if part.strip("-")], _different(excluded)
        if len(different) > MOST_EXCLUDED:
            message = f"Exclude at most {MOST_EXCLUDED} words in one search."
            raise Invalid(message, code="too_many_words", field="search")
        return cls(" ".join(bare or ([] if excluded else wanted)), different)


def _different(words: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(word.casefold(), word)
    return tuple(found.values())


def plain(text: ColumnElement[Any]) -> ColumnElement[str]:
    """The text in lower case and without accents, for a service that stores no folded text."""
    return func.lower(func.public.unaccent(text, type_=Text), type_=Text)


def once(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The value as a query of its own: made once, where Postgres would make it for each row that it looks at."""
    return select(value).scalar_subquery()


def has(fold: Fold, folded: ColumnElement[str], words: str, *, indexed: bool = False) -> ColumnElement[bool]:
    """That the text contains the words as they stand. `indexed`: by trigrams, where there are any."""
    if indexed and TRIGRAM.search(words):
        return folded.like(once(_pattern(fold, words)))
    return func.strpos(folded, once(fold(literal(words, Text))), type_=Integer) > 0


def _pattern(fold: Fold, words: str) -> ColumnElement[str]:
    """Escaped after folding, which makes `%` of its full-width form."""
    escaped: ColumnElement[str] = fold(literal(words, Text))
    for special in ("\\", "%", "_"):
        escaped = func.replace(escaped, special, f"\\{special}", type_=Text)
    return literal("%", Text).concat(escaped).concat(literal("%", Text))


def query_of(fold: Fold, words: str) -> ColumnElement[Any]:
    """The words as a text search query: all of them, `or` and quotes as people write them."""
    return once(unmade_query_of(fold, words))


def unmade_query_of(fold: Fold, words: str) -> ColumnElement[Any]:
    """As `query_of`, to be combined with others first."""
    spoken = _each_once(words) if any(map(str.isalnum, words)) else ""
    return func.websearch_to_tsquery(ENGLISH, fold(literal(DASHES.sub("-", spoken), Text)), type_=TSQUERY)


def _each_once(words: str) -> str:
    """Without repetitions, for each of which Postgres would read the whole index of that word again."""
    if '"' in words:
        return words
    choices = [_different(choice.split()) for choice in re.split(r"\s+or\s+", words, flags=re.IGNORECASE)]
    return " or ".join(_different(" ".join(choice) for choice in choices))


def holds(fold: Fold, folded: ColumnElement[str], words: SearchTerms) -> ColumnElement[bool]:
    """That the text contains the wanted words as they stand, and none of the excluded ones."""
    return and_(has_wanted(fold, folded, words), *(not_(has(fold, folded, word)) for word in words.excluded))


def has_wanted(fold: Fold, folded: ColumnElement[str], words: SearchTerms) -> ColumnElement[bool]:
    """That the text contains the wanted words as they stand; true where none are wanted."""
    return has(fold, folded, words.wanted) if words.wanted else true()


def has_excluded(fold: Fold, folded: ColumnElement[str], words: SearchTerms) -> ColumnElement[bool]:
    """That the text contains any of the excluded words."""
    return or_(false(), *(has(fold, folded, word) for word in words.excluded))


def says(text: Any, query: str) -> ColumnElement[bool]:
    """That a text which is not stored folded answers the query: for short lists, such as what one person has."""
    return holds(plain, plain(text), SearchTerms.of(query))


def excludes(
    fold: Fold, folded: ColumnElement[str], document: ColumnElement[Any], words: SearchTerms
) -> ColumnElement[bool]:
    """That none of the excluded words occurs, as a word or within one."""
    absent = [
        and_(not_(has(fold, folded, word)), not_(document.bool_op("@@")(query_of(fold, word))))
        for word in words.excluded
    ]
    return and_(true(), *absent)


def alphabetical(fold: Fold, column: Any) -> tuple[ColumnElement[Any], ...]:
    """How a list is ordered by a title or a name: as people read it, then as it is written. Alike everywhere."""
    return fold(column).collate("C"), column.collate("C")
