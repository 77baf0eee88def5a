"""What partners were promised stays true: each kind of breaking change is found and named, harmless ones are not."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from estuary.contracts import files
from estuary.contracts.compatibility import breaking_changes

CANCELLED = "estuary.booking.BookingCancelled.v1"
CHOICE = ["client", "practitioner", "staff"]
Schema = dict[str, Any]


def removed(schema: Schema) -> None:
    del schema["properties"]["kept"]
    schema["required"].remove("kept")


def removed_deep(schema: Schema) -> None:
    snapshot = schema["definitions"]["BookingSnapshot"]
    del snapshot["properties"]["service_id"]
    snapshot["required"].remove("service_id")


def retyped(schema: Schema) -> None:
    schema["properties"]["cancelled_at"] = {"type": "string"}


def retyped_in_a_list(schema: Schema) -> None:
    schema["properties"]["tags"]["items"] = {"type": "integer"}


def nullable(schema: Schema) -> None:
    schema["properties"]["cancelled_at"] = {"anyOf": [schema["properties"]["cancelled_at"], {"type": "null"}]}


def narrowed(schema: Schema) -> None:
    schema["properties"]["cancelled_by"]["enum"].remove("staff")


def widened(schema: Schema) -> None:
    schema["properties"]["cancelled_by"]["enum"].append("system")


def limited(schema: Schema) -> None:
    schema["properties"]["hint"]["enum"] = ["a", "b"]


def freed(schema: Schema) -> None:
    del schema["properties"]["cancelled_by"]["enum"]


def newly_required(schema: Schema) -> None:
    schema["required"].append("hint")


def required_from_the_start(schema: Schema) -> None:
    schema["properties"]["fee"] = {"type": "integer"}
    schema["required"].append("fee")


def no_longer_sure(schema: Schema) -> None:
    schema["required"].remove("kept")


def constrained(schema: Schema) -> None:
    schema["definitions"]["Money"]["properties"]["currency"]["pattern"] = "^USD$"


def rekeyed(schema: Schema) -> None:
    schema["x-key"] = "booking.client_id"


def added(schema: Schema) -> None:
    schema["properties"]["fee"] = {"type": "integer"}


def reworded(schema: Schema) -> None:
    schema["description"] = "In other words."
    schema["examples"] = []


BREAKING: list[tuple[Callable[[Schema], None], str]] = [
    (removed, "kept was removed"),
    (removed_deep, "booking.service_id was removed"),
    (retyped, "cancelled_at changed its type from string date-time to string"),
    (retyped_in_a_list, "tags[] changed its type from string to integer"),
    (nullable, "cancelled_at changed its type from string date-time to null or string date-time"),
    (narrowed, "cancelled_by does not allow staff any more: stored events may carry it"),
    (widened, "cancelled_by allows system now: consumers that validate would refuse it"),
    (limited, "hint is limited to certain values now"),
    (freed, "cancelled_by is not limited to its values any more"),
    (newly_required, "hint was optional and is required now: stored events lack it"),
    (required_from_the_start, "fee is new and required: stored events lack it; give it a default"),
    (no_longer_sure, "kept was always present and need not be any more"),
    (constrained, "kept.currency changed its pattern from ^[A-Z]{3}$ to ^USD$"),
    (rekeyed, "the key was booking.id and is booking.client_id: events would be ordered by something else"),
]


def promise() -> Schema:
    """A promised schema with every kind of field."""
    schema = copy.deepcopy(files.promised()[CANCELLED])
    schema["properties"] |= {"hint": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}}
    assert schema["properties"]["cancelled_by"]["enum"] == CHOICE
    return schema


def changed(change: Callable[[Schema], None]) -> list[str]:
    today = promise()
    change(today)
    return breaking_changes({CANCELLED: promise()}, {CANCELLED: today})


def test_todays_events_keep_every_promise():
    assert not files.broken(), "a breaking change needs a new version of the event: " + "; ".join(files.broken())


@pytest.mark.parametrize(("change", "sentence"), BREAKING, ids=lambda value: getattr(value, "__name__", ""))
def test_breaking_change_is_named(change: Callable[[Schema], None], sentence: str):
    assert f"{CANCELLED}: {sentence}" in changed(change)


@pytest.mark.parametrize("change", [added, reworded], ids=lambda value: value.__name__)
def test_harmless_change_is_allowed(change: Callable[[Schema], None]):
    assert changed(change) == []


def test_events_come_but_do_not_go():
    assert breaking_changes({}, {CANCELLED: promise()}) == []
    assert breaking_changes({CANCELLED: promise()}, {}) == [f"{CANCELLED}: the event was removed"]


class TestWriting:
    def test_refuses_to_break_a_promise_unless_allowed(self, tmp_path: Path):
        files.write(tmp_path)
        gone = tmp_path / "schemas" / "estuary.booking.BookingForgotten.v1.json"
        gone.write_text("{}")
        with pytest.raises(files.ContractBroken, match=r"BookingForgotten\.v1: the event was removed"):
            files.write(tmp_path)
        assert files.write(tmp_path, even_breaking=True) == [f"schemas/{gone.name}"]
        assert not gone.exists()

    def test_is_the_same_every_time(self, tmp_path: Path):
        assert files.write(tmp_path)
        assert files.write(tmp_path) == []
        assert files.written(tmp_path) == files.generated()
