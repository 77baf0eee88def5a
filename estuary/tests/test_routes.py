"""The gateway's table of routes and the paths that the services have are the same."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from devtools.clients.document import app_of
from estuary.services import SERVICES
from gateway.routes import ROUTES, RouteTable

NOT_PUBLIC = ("/internal", "/health", "/metrics", "/openapi.json", "/docs", "/redoc")


def public_paths(app: FastAPI) -> Iterator[list[str]]:
    """The segments of each path that clients may call, with parameters as `{id}`."""
    for route in iter_route_contexts(app.routes):
        path = str(getattr(route, "path", ""))
        if path and not path.startswith(NOT_PUBLIC):
            yield path.strip("/").split("/")


def begins_with(path: list[str], pattern: str) -> bool:
    wanted = pattern.strip("/").split("/")
    return len(path) >= len(wanted) and all(want in ("*", part) for want, part in zip(wanted, path, strict=False))


@pytest.mark.parametrize("name", [*SERVICES, "sandbox"])
def test_every_route_of_the_gateway_has_an_operation_and_every_operation_a_route(name: str):
    paths, table = list(public_paths(app_of(name))), RouteTable(ROUTES, set(ROUTES.values()))
    routed = [pattern for pattern, upstream in ROUTES.items() if upstream == name]
    assert [pattern for pattern in routed if not any(begins_with(path, pattern) for path in paths)] == []
    owners = {"/".join(path): route.upstream if (route := table.find(path)) else None for path in paths}
    assert {path: owner for path, owner in owners.items() if owner != name} == {}
