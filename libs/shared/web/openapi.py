"""What a service says of itself: FastAPI's document, with our problems and with who needs a token."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic.json_schema import models_json_schema

from shared.errors import Problem
from shared.web.guards import Guards
from shared.web.http import problem_response

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
    """Says which operations need a token, with which scope, and which take one; what says neither is the same for
    everybody."""
    schema["components"]["securitySchemes"] = {"bearer": BEARER}
    service = app.state.runtime.service
    for context in iter_route_contexts(app.routes):
        guards: Guards | None = getattr(context.original_route, "guards", None)
        if guards is None:
            continue
        operations = schema.get("paths", {}).get(context.path, {})
        for method in context.methods or ():
            operation = operations.get(method.lower(), {})
            if guards.for_people or guards.for_services:
                scope = guards.scope(service, method)
                operation["security"] = [{"bearer": [scope]}] if scope else TOKEN
            elif guards.for_anyone:
                operation["security"] = PERHAPS_TOKEN
