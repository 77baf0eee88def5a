"""Every operation has an example, and each fits the document that it stands in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from devtools.clients.document import document
from devtools.testing.examples import FOLDER
from gateway.openapi_examples import examples_of

Document = dict[str, Any]
Spot = tuple[str, Document, Document]
JSON = "application/json"
HINT = "record them: ESTUARY_WRITE_EXAMPLES=1 .venv/bin/python -m pytest <a test that calls it>, then `make clients`"

FORMATS = FormatChecker(("uuid",))


@FORMATS.checks("date-time")
def is_time(given: object) -> bool:
    return not isinstance(given, str) or datetime.fromisoformat(given).tzinfo is not None


@pytest.fixture(scope="session")
def made() -> Document:
    return document()


def contents(made: Document) -> Iterator[Spot]:
    """Where an example has to stand: bodies as JSON, answers as JSON, parameters of paths."""
    for item in made["paths"].values():
        for operation in item.values():
            name = operation["operationId"]
            if body := operation.get("requestBody", {}).get("content", {}).get(JSON):
                yield f"{name} request", body, body["schema"]
            answers = [
                answer["content"][JSON]
                for status, answer in sorted(operation["responses"].items())
                if status < "300" and answer.get("content", {}).get(JSON, {}).get("schema")
            ]
            if answers:
                answer = next((one for one in answers if "example" in one), answers[0])
                yield f"{name} answer", answer, answer["schema"]
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    yield f"{name} {parameter['name']}", parameter, parameter["schema"]


def test_every_operation_has_an_example_of_what_is_sent_and_of_what_is_answered(made: Document):
    assert [name for name, place, _ in contents(made) if "example" not in place] == [], HINT


def test_every_example_fits_its_schema(made: Document):
    wrong = []
    for name, place, schema in contents(made):
        if "example" in place:
            whole = {**schema, "components": made["components"]}
            validator = Draft202012Validator(whole, format_checker=FORMATS)
            wrong += [f"{name}: {error.message}" for error in validator.iter_errors(place["example"])]
    assert wrong == [], f"delete those in gateway/examples/, and {HINT}"


def test_there_is_no_example_of_an_operation_that_is_gone(made: Document):
    there = {operation["operationId"] for item in made["paths"].values() for operation in item.values()}
    kept = {name for file in FOLDER.glob("*.json") for name in examples_of(file.stem)}
    assert kept - there == set(), "delete them in gateway/examples/"
