"""What a person's text may hold, and which zones there are."""

import os
import subprocess
import sys

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.records.text import DisplayName, Name
from shared.records.times import zone_name
from shared.web.http import LongText, Text

LINE, LONG = TypeAdapter(Text), TypeAdapter(LongText)
NAME, DISPLAY_NAME = TypeAdapter(Name), TypeAdapter(DisplayName)
INVISIBLE = {
    "zero width space": "\u200b\u200b",
    "hangul filler": "\u3164",
    "halfwidth filler": "\uffa0",
    "braille blank": "\u2800",
    "note without a head": "\U0001d159",
    "soft hyphen": "\u00ad",
    "word joiner and BOM": "\u2060\ufeff",
    "direction marks": "\u200e\u200f",
    "direction override": "evil\u202etxt.exe",
    "only combining marks": "\u0301\ufe0f",
    "NUL": "a\x00b",
    "escape": "a\x1b[31mb",
    "C1 control": "a\x85b",
}
VISIBLE = ["a", "日本", "שלום\u200f", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "!", "42", "e\u0301", ""]


@pytest.mark.parametrize("adapter", [LINE, LONG])
@pytest.mark.parametrize("what", INVISIBLE)
def test_what_shows_nothing_or_misleads_is_refused(adapter, what):
    with pytest.raises(ValidationError) as caught:
        adapter.validate_python(INVISIBLE[what])
    assert caught.value.errors()[0]["type"] == "invisible_text"


@pytest.mark.parametrize("adapter", [LINE, LONG])
@pytest.mark.parametrize("text", VISIBLE)
def test_joiners_and_marks_within_real_text_are_fine(adapter, text):
    assert adapter.validate_python(text) == text


def test_breaks_and_tabs_are_for_long_texts_alone():
    assert LONG.validate_python(" two\r\n\tlines\n") == "two\r\n\tlines"
    for line_break in ("\n", "\r", "\t", "\u2028", "\u2029"):
        assert LONG.validate_python(f"two{line_break}lines") == f"two{line_break}lines"
        with pytest.raises(ValidationError):
            LINE.validate_python(f"two{line_break}lines")


@pytest.mark.parametrize(
    "name", ["localtime", "Factory", "posixrules", "posix/UTC", "GMT+3", "europe/berlin", "../UTC", ""]
)
def test_what_is_no_zone_everywhere_is_none(name):
    with pytest.raises(ValueError, match="IANA"):
        zone_name(name)


@pytest.mark.parametrize("name", ["Europe/Kyiv", "Europe/Kiev", "Asia/Calcutta", "US/Pacific", "Etc/GMT+5", "UTC"])
def test_renamed_zones_have_both_names(name):
    assert zone_name(name) == name


class TestNames:
    @pytest.mark.parametrize("adapter", [NAME, DISPLAY_NAME])
    @pytest.mark.parametrize(
        "name",
        [
            *("evil.com", "see https://a.b now", "//foo.bar", "me@mail.de", "Co.KG"),
            *(
                "www.evil.example",
                "Ana WWW.evil.example/x",
                "evil.app",
                "win at evil.xyz",
                "me@evil.dev",
                "me@evil.example",
            ),
        ],
    )
    def test_what_would_be_shown_as_a_link_is_refused(self, adapter, name):
        with pytest.raises(ValidationError) as caught:
            adapter.validate_python(name)
        assert caught.value.errors()[0]["type"] == "no_links"

    @pytest.mark.parametrize(
        "name",
        ["J.Lo", "St.John", "Dr. No", "Mary-Ann O'Neil", "No.1", "Ana @ Home", "Www. Kova", "e.V.", "日本", " A "],
    )
    def test_dots_within_a_name_are_fine(self, name):
        assert NAME.validate_python(name) == name.strip()

    @pytest.mark.parametrize(("name", "code"), [("\u3164", "invisible_text"), (" ", "string_too_short")])
    def test_it_is_a_persons_text(self, name, code):
        with pytest.raises(ValidationError) as caught:
            NAME.validate_python(name)
        assert caught.value.errors()[0]["type"] == code


def test_the_files_of_the_machine_are_not_asked_for_a_zone(tmp_path):
    """A zone of the same name in the machine's own files would be another one."""
    (tmp_path / "UTC").write_bytes(b"no zone")
    script = "import services.booking.app, zoneinfo; print(zoneinfo.TZPATH, zoneinfo.ZoneInfo('UTC'))"
    environment = {**os.environ, "PYTHONTZPATH": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["()", "UTC"]
