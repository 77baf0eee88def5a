"""All services. A new one is one line here."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from fastapi import FastAPI

from shared.records.privacy import Register
from shared.runtime import Runtime

SERVICES: tuple[str, ...] = (
    "identity",
    "catalog",
    "booking",
    "payments",
    "streams",
    "messaging",
    "notifications",
)


PROCESSES = (*SERVICES, "gateway", "sandbox")
"""Who calls others, with a key of its own."""


def create_app(name: str, runtime: Runtime) -> FastAPI:
    """That service's app on that Runtime."""
    create: Callable[[Runtime], FastAPI] = import_module(f"services.{name}.app").create_app
    return create(runtime)


def invariants(name: str) -> Mapping[str, str]:
    """That service's invariants: SQL by name, each of which must return no row."""
    found: Mapping[str, str] = import_module(f"services.{name}.invariants").INVARIANTS
    return found


def register(name: str) -> Register:
    """What that service's columns say of people."""
    found: Register = import_module(f"services.{name}.privacy").REGISTER
    return found


def migrations(schema: str) -> Path:
    """Where that schema's migrations are; `sandbox` is the sandbox's schema."""
    home = "estuary.sandbox" if schema == "sandbox" else f"services.{schema}"
    module = import_module(home)
    return Path(str(module.__file__)).parent / "migrations" / "versions"
