"""The one document of all services as this version of the code has it, without an instance."""

import json
from typing import Any

from fastapi import FastAPI

from devtools.testing.fixtures import STARTS_AT, runtime_on
from estuary.sandbox.app import create_app as create_sandbox
from estuary.services import SERVICES, create_app
from gateway.openapi import public_of
from gateway.routes import ROUTES, RouteTable
from shared.records.clock import FixedClock

SERVICE_KEY = {"ESTUARY_SERVICE_KEY": "s" * 32}


def app_of(name: str) -> FastAPI:
    """That service's app, or the sandbox's, which is only looked at."""
    runtime = runtime_on("postgresql://nobody", name, FixedClock(STARTS_AT), {}, SERVICE_KEY)
    return create_sandbox(runtime) if name == "sandbox" else create_app(name, runtime)


def document() -> dict[str, Any]:
    """What a gateway answers for `/openapi.json` where the sandbox runs."""
    services = {name: app_of(name).openapi() for name in (*SERVICES, "sandbox")}
    return public_of(services, RouteTable(ROUTES, set(services)))


def as_json(made: dict[str, Any]) -> str:
    """The document as it stands in `clients/openapi.json`."""
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def operations_in(made: dict[str, Any]) -> str:
    """A line for each operation, in the order of their ids: `clients/operations.txt`."""
    lines = [
        f"{operation['operationId']} {method.upper()} {path}"
        for path, item in made["paths"].items()
        for method, operation in item.items()
    ]
    return "\n".join(sorted(lines)) + "\n"
