"""The document says which operations need a token, by what they depend on."""

from typing import Annotated, Any

from fastapi import APIRouter, FastAPI

from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.web.app import build
from shared.web.http import MaybeSigned, Route, ServiceOnly, SessionDep, needs
from shared.web.openapi import document_of

NEEDED: list[dict[str, list[str]]] = [{"bearer": []}]
POSSIBLE: list[dict[str, list[str]]] = [{}, {"bearer": []}]


def test_says_who_needs_a_token(toy: FastAPI):
    paths = document_of(toy)["paths"]
    assert paths["/api/v1/things/"]["post"]["security"] == NEEDED
    assert "security" not in paths["/api/v1/things/"]["get"]
    assert paths["/api/v1/things/{thing_id}/burn/"]["post"]["security"] == NEEDED  # by its permission
    assert document_of(toy)["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


async def test_sees_optional_tokens_and_dependencies_of_routers(runtime_for: Any):
    open_, closed = APIRouter(route_class=Route), APIRouter(route_class=Route, dependencies=[ServiceOnly])

    @open_.get("/maybe/")
    async def maybe(who: MaybeSigned, session: SessionDep) -> None: ...

    @closed.get("/closed/")
    async def only_services() -> None: ...

    @open_.get("/staff/")
    async def staff(who: Annotated[Caller, needs(Permission.DECIDE_PAYOUTS)]) -> None: ...

    runtime = await runtime_for("toy")
    paths = document_of(build(runtime, title="x", routers=[open_, closed]))["paths"]
    assert paths["/maybe/"]["get"]["security"] == POSSIBLE
    assert paths["/closed/"]["get"]["security"] == NEEDED
    assert paths["/staff/"]["get"]["security"] == NEEDED
