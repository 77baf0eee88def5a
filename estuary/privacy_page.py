"""The tables of `docs/privacy.md`: what every service's register says of its columns."""

from pathlib import Path

from estuary.services import SERVICES, register
from shared.records.privacy import ColumnEntry, Register, TableEntry

PAGE = Path(__file__).parents[1] / "docs" / "privacy.md"
BEGIN = "<!-- From here on written by `estuary privacy`: a test compares. -->\n"


def with_registers(text: str) -> str:
    """That text of the page with the tables as they are now."""
    return text.partition(BEGIN)[0] + BEGIN + "".join(_section(name, register(name)) for name in SERVICES)


def write() -> bool:
    """Writes the page anew, and says whether that changed it."""
    present = PAGE.read_text(encoding="utf-8")
    wanted = with_registers(present)
    PAGE.write_text(wanted, encoding="utf-8")
    return wanted != present


def _section(service: str, found: Register) -> str:
    tables = sorted(found.items())
    of_people = [(name, entry) for name, entry in tables if entry.personal or entry.kept()]
    of_nobody = ", ".join(f"`{name}`" for name, entry in tables if not entry.personal and not entry.kept())
    reasons = dict.fromkeys(reason for _, entry in tables for reason in entry.kept())
    numbers = {reason: number for number, reason in enumerate(reasons, 1)}
    head = f"\n### {service}\n\n| Table | Goes with an erasure | Stays |\n|---|---|---|\n"
    rows = "".join(_line(name, entry, numbers) for name, entry in of_people)
    why = "".join(f"{number}. {reason.why}; stays: {reason.until}\n" for reason, number in numbers.items())
    return f"{head}{rows}\nOf nobody: {of_nobody}. Why something stays:\n\n{why}"


def _line(name: str, entry: TableEntry, numbers: dict[ColumnEntry, int]) -> str:
    stays = "; ".join(f"{', '.join(columns)} ({numbers[reason]})" for reason, columns in entry.kept().items())
    return f"| `{name}` | {', '.join(entry.personal)} | {stays} |\n"
