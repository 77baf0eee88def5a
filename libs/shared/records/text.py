"""What a person's text may hold: no control characters, no direction overrides, at least one visible character.

A name holds no link either: mail programs would make one of it in other people's mail.
"""

import re
import unicodedata
from typing import Annotated, LiteralString

from linkify_it import LinkifyIt
from linkify_it.tlds import TLDS
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from shared.records.formats import Format

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
CONTROLS_BUT_BREAKS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e]")
# Unicode calls these alphabetic or symbols, and every font shows nothing: Hangul fillers, the empty Braille pattern,
# the note without a head, Egyptian blanks.
BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159\U00013441\U00013442")
VISIBLE_CATEGORIES = frozenset("LNPS")
LINKS = LinkifyIt().tlds(TLDS)
"""With all domains there are: by itself it knows the oldest only, and not `.app`."""
LIKE_LINKS = re.compile(r"(?:\bwww\.|[^\s@]@)[^\s.@]+\.[^\s.@]", re.IGNORECASE)
"""What mail programs take for addresses of pages and mailboxes whatever the domain is."""


def one_line(text: str) -> str:
    """The text, empty or visible; `invisible_text` for control characters, tabs and line breaks, Unicode's own too."""
    return _checked(text, CONTROLS, "Remove the control characters, such as line breaks")


def lines(text: str) -> str:
    """As `one_line`, but line breaks and tabs are fine: for fields of more than 200 characters."""
    return _checked(text, CONTROLS_BUT_BREAKS, "Remove the control characters other than line breaks and tabs")


def name(text: str) -> str:
    """As `one_line`; `no_links` for what a reader's program would show as the address of a page or a mailbox."""
    if LINKS.test(one_line(text)) or LIKE_LINKS.search(text):
        raise PydanticCustomError("no_links", "Write the name without addresses of web pages")
    return text


def _checked(text: str, refused: re.Pattern[str], message: LiteralString) -> str:
    if refused.search(text):
        raise PydanticCustomError("invisible_text", message)
    if DIRECTION_OVERRIDES.search(text):
        raise PydanticCustomError("invisible_text", "Remove the characters that change the direction of writing")
    if text and not any(map(_is_visible, text)):
        raise PydanticCustomError("invisible_text", "Write something that can be seen")
    return text


def _is_visible(character: str) -> bool:
    return character not in BLANKS and unicodedata.category(character)[0] in VISIBLE_CATEGORIES


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(name),
    Format("name"),
]
"""A person's first or last name."""
DisplayName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(name),
    Format("name"),
]
"""The name under which a person offers something."""
