"""With which codes an operation refuses: those of its guards and of what it takes, and those that its route names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shared.auth.scopes import STAFF_BASE
from shared.database.idempotency import InProgress, KeyReused
from shared.errors import AppError, FactorRequired, Invalid, NotFound, Problem
from shared.web.guards import Guards

Codes = dict[int, set[str]]
EXTENSION = "x-codes"
EVERYWHERE: Mapping[int, frozenset[str]] = {
    405: frozenset({"method_not_allowed"}),
    422: frozenset({"unknown_field"}),
    500: frozenset({"internal_error"}),
    503: frozenset({"unavailable", "overloaded"}),
}
"""What any operation may answer, which is said once for the whole document."""
OF_BODIES: Mapping[int, frozenset[str]] = {
    413: frozenset({"body_too_large"}),
    415: frozenset({"unsupported_media_type"}),
}
OF_QUERY: Mapping[str, str] = {"ordering": "unknown_ordering", "search": "too_many_words"}
"""The code with which a list refuses what is given under that name."""


class Refusals(dict[int | str, dict[str, Any]]):
    """The `responses=` of a route. Joined by `|`, each status has the codes of both."""

    def __or__(self, other: Mapping[Any, Any], /) -> "Refusals":  # type: ignore[override]  # a dict joins dicts only
        joined = Refusals(self)
        for status, said in other.items():
            codes = [*self.get(status, {}).get(EXTENSION, ()), *said.get(EXTENSION, ())]
            joined[status] = problem_response(codes) if codes else said
        return joined


def errors_of(*errors: type[AppError] | str) -> Refusals:
    """The `responses=` of a route: each status with the codes that it may carry. A mere code is one of a field that is
    refused with 422."""
    codes: dict[int, list[str]] = defaultdict(list)
    for error in errors:
        status, code = (Invalid.status, error) if isinstance(error, str) else (error.status, error.code)
        codes[status].append(code)
    return Refusals({status: problem_response(names) for status, names in codes.items()})


def problem_response(codes: Iterable[str]) -> dict[str, Any]:
    """One entry of `responses=` in the form of a problem with one of these codes."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    named = list(dict.fromkeys(codes))
    content = {"application/problem+json": {"schema": schema}}
    return {"description": ", ".join(named), "content": content, EXTENSION: named}


def codes_of(route: APIRoute, service: str, method: str) -> Codes:
    """By status, the codes of that operation of the service; what any operation may answer is not among them."""
    codes: Codes = defaultdict(set)
    for status, said in route.responses.items():
        codes[int(status)] |= set(said.get(EXTENSION, ()))
    for error in _of_guards(route, service, method):
        codes[error.status].add(error.code)
    for status, names in _of_input(route).items():
        codes[status] |= names
    return {status: names for status, names in codes.items() if names}


def _of_guards(route: APIRoute, service: str, method: str) -> Iterable[type[AppError]]:
    guards: Guards | None = getattr(route, "guards", None)
    if guards is None:
        return
    yield from guards.refusals(service, method)
    if guards.for_people and route.path.startswith(STAFF_BASE):
        yield FactorRequired
    if guards.for_people and method == "POST" and getattr(route, "keyed", False):
        yield KeyReused
        yield InProgress


def _of_input(route: APIRoute) -> Codes:
    codes: Codes = defaultdict(set)
    names = _query_names(route.dependant)
    if route.body_field is not None:
        codes |= {status: set(named) for status, named in OF_BODIES.items()}
    if route.body_field is not None or names or "{" in route.path:
        codes[Invalid.status] = {Invalid.code} | {code for name, code in OF_QUERY.items() if name in names}
    if "{" in route.path:
        codes[NotFound.status] = {NotFound.code}
    return codes


def _query_names(dependant: Dependant) -> set[str]:
    own = {field.alias for field in (*dependant.query_params, *dependant.header_params)}
    return own.union(*(_query_names(needed) for needed in dependant.dependencies))
