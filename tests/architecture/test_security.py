"""docs/security.md: every test that the ledger names exists, no requirement is missing, and the table counts them."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "security").glob("v*.md"))
STATES = ("met", "by design", "documented", "in part", "not met", "operator", "does not apply")
ROW = re.compile(r"\| (\d+\.\d+\.\d+) \| L([12]) \| [^|]+ \| ([a-z ]+) \| (.+) \|")
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
LEVELS = {"1": 70, "2": 183}
"""How many requirements ASVS 5.0.0 has on each of the two levels."""

Row = tuple[str, str, str, str]


def rows_of(page: Path) -> list[Row]:
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if re.match(r"\| \d", line)]
    found = [ROW.fullmatch(line) for line in lines]
    assert all(found), f"{page.name} has a row that cannot be read"
    return [(one[1], one[2], one[3], one[4]) for one in found if one]


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of the tests in that file; empty where there is no file."""
    file = ROOT / path
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.Module([], [])
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_named_test_exists(page: Path):
    gone = [
        named for *_, shown in rows_of(page) for named in NAMED.findall(shown) if named[1] not in names_in(named[0])
    ]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_met_names_a_test(page: Path):
    rows = rows_of(page)
    assert {state for _, _, state, _ in rows} <= set(STATES)
    assert [number for number, _, state, shown in rows if state == "met" and not NAMED.search(shown)] == []


def test_no_requirement_is_missing_or_there_twice():
    rows = [row for page in PAGES for row in rows_of(page)]
    numbers = [tuple(map(int, number.split("."))) for number, *_ in rows]
    assert numbers == sorted(set(numbers))
    assert [page.stem for page in PAGES] == [f"v{chapter:02}" for chapter in range(1, 18)]
    assert Counter(level for _, level, *_ in rows) == LEVELS


def test_the_table_counts_the_rows_of_the_pages():
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for page in PAGES:
        counted = Counter(state for _, _, state, _ in rows_of(page))
        cells = " | ".join(str(counted[state] or "") for state in STATES)
        assert f"(security/{page.name}) | {cells} |" in text
