"""What a service says of itself: FastAPI's document, with our problems and their codes, with one form of money, and
with who needs a token."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic.json_schema import models_json_schema

from shared.errors import Problem
from shared.records.money import COMPONENT, Money, money_json_schema
from shared.web.codes import EVERYWHERE, EXTENSION, codes_of, problem_response
from shared.web.guards import Guards

Document = dict[str, Any]
SCHEMAS = "#/components/schemas/"
BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
TOKEN: list[Document] = [{"bearer": []}]
DEMANDED_HEADERS: Mapping[str, Document] = {
    "x-confirm-action": {"type": "string", "pattern": "^true$"},
    "idempotency-key": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}
"""Of the headers that guards take: what they demand of them."""
PERHAPS_TOKEN: list[Document] = [{}, *TOKEN]


def document_of(app: FastAPI) -> Document:
    """The app's OpenAPI document, made once."""
    if app.openapi_schema is None:
        schema = _named(get_openapi(title=app.title, version=app.version, routes=app.routes))
        schema[EXTENSION] = sorted({code for codes in EVERYWHERE.values() for code in codes})
        _add_components(schema)
        _say_refusals(schema, app)
        app.openapi_schema = schema
    return app.openapi_schema


def _named(schema: Document) -> Document:
    """The document with one name for each component."""
    schemas = schema.get("components", {}).get("schemas", {})
    names = _names_of(schemas)
    tidied: Document = _tidied(schema, names)
    renamed = {names.get(SCHEMAS + name, SCHEMAS + name).removeprefix(SCHEMAS): name for name in schemas}
    if schemas:
        tidied["components"]["schemas"] = {new: tidied["components"]["schemas"][old] for new, old in renamed.items()}
    return tidied


def _names_of(schemas: Document) -> dict[str, str]:
    """The name of each component: its title, as pydantic's own of a listing has brackets' marks in it."""
    titles = Counter(schema.get("title") for schema in schemas.values())
    return {
        SCHEMAS + name: SCHEMAS + title
        for name, schema in schemas.items()
        if (title := str(schema.get("title", ""))).isidentifier() and titles[title] == 1
    }


def _tidied(content: Any, names: Mapping[str, str]) -> Any:
    """A copy in which components have these names, and what stands for one refers to it, with what the place adds."""
    if isinstance(content, list):
        return [_tidied(part, names) for part in content]
    if isinstance(content, float) and content.is_integer():
        return int(content)
    if isinstance(content, str):
        return names.get(content, content)
    if not isinstance(content, dict):
        return content
    copied = {name: _tidied(part, names) for name, part in content.items() if name != COMPONENT}
    if COMPONENT not in content:
        return copied
    copied.pop("title", None)
    return {"$ref": SCHEMAS + content[COMPONENT], **copied}


def _add_components(schema: Document) -> None:
    _, definitions = models_json_schema([(Problem, "serialization")], ref_template=SCHEMAS + "{model}")
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    components |= definitions["$defs"] | {Money.__name__: money_json_schema()}
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    schema["components"]["securitySchemes"] = {"bearer": BEARER}


def _say_refusals(schema: Document, app: FastAPI) -> None:
    """Says of every operation with which codes it refuses, and who needs a token for it."""
    service = app.state.runtime.service
    for context in iter_route_contexts(app.routes):
        operations = schema.get("paths", {}).get(context.path, {})
        for method in context.methods or ():
            if operation := operations.get(method.lower()):
                _say_codes(operation, context.original_route, service, method)
                _say_token(operation, context.original_route, service, method)
                _say_headers(operation)


def _say_codes(operation: Document, route: Any, service: str, method: str) -> None:
    answers = operation.setdefault("responses", {})
    if "HTTPValidationError" in str(answers.get("422", "")):
        del answers["422"]
    codes = codes_of(route, service, method)
    for status in sorted({*codes, 500, 503}):
        answers[str(status)] = problem_response(sorted(codes.get(status, set()) | EVERYWHERE.get(status, frozenset())))
    operation[EXTENSION] = sorted(set().union(*codes.values()))


def _say_token(operation: Document, route: Any, service: str, method: str) -> None:
    """Who needs a token, with which scope, and who may send one; what says neither is the same for everybody."""
    guards: Guards | None = getattr(route, "guards", None)
    if guards is None:
        return
    if guards.for_people or guards.for_services:
        scope = guards.scope(service, method)
        operation["security"] = [{"bearer": [scope]}] if scope else TOKEN
    elif guards.for_anyone:
        operation["security"] = PERHAPS_TOKEN


def _say_headers(operation: Document) -> None:
    """What a guard demands is refused with a code of its own where it is missing, not as an invalid field."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header" and parameter["name"] in DEMANDED_HEADERS:
            parameter |= {"required": True, "schema": DEMANDED_HEADERS[parameter["name"]]}
