"""Examples of the one document: for each operation a request and its answer, as tests of the services recorded them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parent / "examples"
JSON = "application/json"
Example = Mapping[str, Any]


@cache
def examples_of(service: str) -> Mapping[str, Example]:
    """By the id of the operation; empty for a service without any."""
    file = FOLDER / f"{service}.json"
    found: Mapping[str, Example] = orjson.loads(file.read_bytes()) if file.exists() else {}
    return found


def add_example(operation: dict[str, Any], example: Example) -> None:
    """Puts its parts beside what they are examples of."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example["parameters"]:
            parameter["example"] = _as(parameter["schema"], example["parameters"][parameter["name"]])
    asked = operation.get("requestBody", {}).get("content", {}).get(JSON)
    if asked is not None and example["request"] is not None:
        asked["example"] = example["request"]
    answered = operation["responses"].get(str(example["status"]), {}).get("content", {}).get(JSON)
    if answered is not None and example["answer"] is not None:
        answered["example"] = example["answer"]


def _as(schema: Mapping[str, Any], text: str) -> Any:
    """What stands as text in an address, as the parameter's type has it."""
    types = {part.get("type") for part in (schema, *schema.get("anyOf", ()))}
    return int(text) if "integer" in types and text.lstrip("-").isdigit() else text
