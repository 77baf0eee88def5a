"""What a person's text may hold: no control characters, no direction overrides, at least one visible character."""

import re
import unicodedata

from pydantic_core import PydanticCustomError

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
CONTROLS_BUT_BREAKS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e]")
# Unicode calls these letters and symbols, and every font shows nothing: Hangul fillers, the empty Braille pattern.
BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
VISIBLE_CATEGORIES = frozenset("LNPS")


def one_line(text: str) -> str:
    """The text, empty or visible; `invisible_text` for control characters, line breaks and tabs among them."""
    return _checked(text, CONTROLS)


def lines(text: str) -> str:
    """As `one_line`, but line breaks and tabs are fine: for fields of more than 200 characters."""
    return _checked(text, CONTROLS_BUT_BREAKS)


def _checked(text: str, refused: re.Pattern[str]) -> str:
    if refused.search(text):
        raise PydanticCustomError("invisible_text", "Remove the control characters, such as line breaks")
    if DIRECTION_OVERRIDES.search(text):
        raise PydanticCustomError("invisible_text", "Remove the characters that change the direction of writing")
    if text and not any(map(_is_visible, text)):
        raise PydanticCustomError("invisible_text", "Write something that can be seen")
    return text


def _is_visible(character: str) -> bool:
    return character not in BLANKS and unicodedata.category(character)[0] in VISIBLE_CATEGORIES
