"""The internal API of what a service holds of people, and for how long, which identity alone reads, and its models."""

from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from shared.database.erasure import Person
from shared.database.person_export import Position, page_of_person
from shared.database.session import Session
from shared.peers import Endpoint
from shared.runtime import Runtime
from shared.web.http import SessionDep, UnkeyedRoute, UtcTime, called_by, runtime_of
from shared.work.erasure import Privacy, obligations_of
from shared.work.retention import kept_for

READER, PEOPLE, RETENTION = "identity", "/internal/people", "/internal/retention/"
LONGEST_PAGE = 1000
Rt = Annotated[Runtime, Depends(runtime_of)]


async def privacy_of(request: Request) -> Any:
    """The hooks of the service that was asked."""
    return request.app.state.privacy


Hooks = Annotated[Privacy, Depends(privacy_of)]


class ObligationView(BaseModel):
    """What a person has still open."""

    code: str
    count: int


class Obligations(BaseModel):
    """All that a person has still open in one service."""

    results: list[ObligationView]


class ExportedRow(BaseModel):
    """One row that is about the person."""

    table: str
    row: dict[str, Any]


class ExportPage(BaseModel):
    """Rows of one service, and where to go on; null at the end."""

    results: list[ExportedRow]
    after: str | None


class KeptForView(BaseModel):
    """How long what is in these tables is kept; without a last run nothing deletes it by age."""

    model_config = ConfigDict(from_attributes=True)

    what: str
    keeps: str
    last_run_at: UtcTime | None
    last_count: int | None


class RetentionTerms(BaseModel):
    """How long one service keeps what."""

    results: list[KeptForView]


class PrivacyOperations(NamedTuple):
    """What identity asks one service about a person, and about what it keeps."""

    export: Endpoint[ExportPage]
    obligations: Endpoint[Obligations]
    retention: Endpoint[RetentionTerms]


def operations_of(service: str) -> PrivacyOperations:
    """Those of that service."""
    return PrivacyOperations(
        Endpoint(service, "GET", f"{PEOPLE}/{{person_id}}/export/", ExportPage),
        Endpoint(service, "GET", f"{PEOPLE}/{{person_id}}/obligations/", Obligations),
        Endpoint(service, "GET", RETENTION, RetentionTerms),
    )


async def export_page(
    session: Session, schema: str, privacy: Privacy, person: Person, after: str | None, limit: int
) -> ExportPage:
    """The rows that follow that place."""
    rows, last = await page_of_person(session, schema, privacy.register, person, Position.parse(after), limit)
    return ExportPage(results=[ExportedRow(table=name, row=row) for name, row in rows], after=last and str(last))


async def open_of(session: Session, privacy: Privacy, person: Person) -> Obligations:
    """What is open."""
    found = await obligations_of(session, privacy, person)
    return Obligations(results=[ObligationView(code=one.code, count=one.count) for one in found])


async def terms_of(session: Session, privacy: Privacy) -> RetentionTerms:
    """How long what is kept."""
    found = await kept_for(session, privacy.register)
    return RetentionTerms(results=[KeptForView.model_validate(one) for one in found])


internal = APIRouter(route_class=UnkeyedRoute, dependencies=[called_by(READER)])


@internal.get(RETENTION)
async def list_terms(session: SessionDep, privacy: Hooks) -> RetentionTerms:
    """How long what is kept here, and when it was last deleted by age, for identity."""
    return await terms_of(session, privacy)


@internal.get(f"{PEOPLE}/{{person_id}}/export/")
async def export_person(
    person_id: UUID,
    session: SessionDep,
    runtime: Rt,
    privacy: Hooks,
    practitioner_id: UUID | None = None,
    after: Annotated[str | None, Query(max_length=2000)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 500,
) -> ExportPage:
    """What is held of the person, row by row, for identity."""
    person = Person(person_id, practitioner_id)
    return await export_page(session, runtime.db.schema, privacy, person, after, limit)


@internal.get(f"{PEOPLE}/{{person_id}}/obligations/")
async def list_obligations(
    person_id: UUID, session: SessionDep, privacy: Hooks, practitioner_id: UUID | None = None
) -> Obligations:
    """What the person has still open here, for identity."""
    return await open_of(session, privacy, Person(person_id, practitioner_id))
