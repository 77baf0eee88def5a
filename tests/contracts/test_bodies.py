"""A body takes null where the document says so, and nowhere else."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from shared.web.http import Body
from tests.contracts.test_internal import ANSWERING, app_of


def bodies(of: type[Body] = Body) -> Iterator[type[Body]]:
    for body in of.__subclasses__():
        if "tests" not in body.__module__:
            yield body
        yield from bodies(body)


def takes_null(body: type[Body], name: str) -> bool:
    """Whether null is no error of that field, whatever else is missing, or one of two is needed."""
    try:
        body.model_validate({name: None})
    except ValidationError as error:
        return all(found["loc"][:1] != (name,) or found["type"] == "one_needed" for found in error.errors())
    return True


def says_null(schema: dict[str, Any], defined: dict[str, Any]) -> bool:
    """Whether the schema allows null."""
    if "$ref" in schema:
        return says_null(defined[schema["$ref"].rsplit("/", 1)[-1]], defined)
    if either := schema.get("anyOf") or schema.get("oneOf"):
        return any(says_null(one, defined) for one in either)
    return "properties" not in schema and schema.get("type", "null") == "null"


def is_said(body: type[Body]) -> bool:
    """Whether each field takes null as its schema says."""
    schema = body.model_json_schema()
    fields = {field.alias or name for name, field in body.model_fields.items()}
    said = {name for name in fields if says_null(schema["properties"][name], schema.get("$defs", {}))}
    return said == {name for name in fields if takes_null(body, name)}


@pytest.mark.parametrize("service", ANSWERING)
def test_a_field_takes_null_as_the_document_says(service: str):
    assert app_of(service), "it imports the bodies"
    assert [body for body in bodies() if not is_said(body)] == []
