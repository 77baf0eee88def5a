"""What a service says of itself: FastAPI's document, with our problems and with who needs a token."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic.json_schema import models_json_schema

from shared.errors import Problem
from shared.web.http import maybe_signed, problem_response, service_only, signed

Document = dict[str, Any]
BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
TOKEN: list[Document] = [{"bearer": []}]
PERHAPS_TOKEN: list[Document] = [{}, *TOKEN]


def document_of(app: FastAPI) -> Document:
    """The app's OpenAPI document, made once."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
        _say_problems(schema)
        _say_tokens(schema, app)
        app.openapi_schema = schema
    return app.openapi_schema


def _say_problems(schema: Document) -> None:
    """Says of every operation what it answers in trouble: problems, never FastAPI's own validation form."""
    _, definitions = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    components.update(definitions["$defs"])
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    for path, operations in schema.get("paths", {}).items():
        for operation in operations.values():
            answers = operation.setdefault("responses", {})
            if "HTTPValidationError" in str(answers.get("422", "")):
                del answers["422"]
            for status, name in _usual(path, operation):
                answers.setdefault(status, problem_response(name))


def _usual(path: str, operation: Document) -> list[tuple[str, str]]:
    usual = [("401", "no or bad token"), ("422", "invalid"), ("503", "unavailable"), ("500", "internal error")]
    if "{" in path:
        usual.append(("404", "absent, or another's"))
    if "requestBody" in operation:
        usual += [("413", "body too large"), ("415", "not JSON")]
    return [*usual, ("403", "role missing"), ("409", "conflict"), ("428", "confirmation or Idempotency-Key required")]


def _say_tokens(schema: Document, app: FastAPI) -> None:
    """Says which operations need a token, and which take one; what says neither is the same for everybody."""
    schema["components"]["securitySchemes"] = {"bearer": BEARER}
    for context in iter_route_contexts(app.routes):
        dependant = getattr(context.route, "dependant", None)
        operations = schema.get("paths", {}).get(context.path, {})
        asked = set(_calls(dependant)) if dependant is not None and operations else set()
        said = TOKEN if asked & {signed, service_only} else PERHAPS_TOKEN if maybe_signed in asked else None
        for method in context.methods or () if said else ():
            operations.get(method.lower(), {})["security"] = said


def _calls(dependant: Dependant) -> Iterator[Any]:
    for needed in dependant.dependencies:
        yield needed.call
        yield from _calls(needed)
