"""Asks every service about a person. Not to be called inside a transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from services.identity.privacy import PRIVACY
from services.identity.runtime import IdentityRuntime
from shared.database.erasure import Person
from shared.errors import NotFound
from shared.internal.catalog import PRACTITIONER_OF_USER
from shared.internal.privacy import OF_EACH
from shared.web.privacy import (
    ExportPage,
    KeptForView,
    Obligations,
    RetentionTerms,
    export_page,
    open_of,
    terms_of,
)

PAGE = 500


@dataclass(frozen=True, slots=True)
class OpenObligation:
    """What a person has still open in a service."""

    service: str
    code: str
    count: int

    def __str__(self) -> str:
        return f"{self.service}: {self.count} {self.code}"


def as_rows(obligations: Sequence[OpenObligation]) -> list[dict[str, Any]]:
    """As they are stored, and answered."""
    return [asdict(one) for one in obligations]


async def person_of(runtime: IdentityRuntime, user_id: UUID) -> Person:
    """The account with its practitioner, whatever staff decided about that; Unavailable where catalog is away."""
    if "catalog" not in runtime.settings.service_names:
        return Person(user_id)
    try:
        found = await runtime.peers.ask(PRACTITIONER_OF_USER, user_id=user_id)
    except NotFound:
        return Person(user_id)
    return Person(user_id, found.practitioner_id)


async def open_obligations(
    runtime: IdentityRuntime, person: Person, *, forfeit_credits: bool = False
) -> list[OpenObligation]:
    """What is open in all services, but for credits that are given up; Unavailable where one does not answer."""
    names = runtime.settings.service_names
    answers = await asyncio.gather(*(_obligations(runtime, name, person) for name in names))
    found = [
        OpenObligation(name, one.code, one.count)
        for name, answer in zip(names, answers, strict=True)
        for one in answer.results
    ]
    return [one for one in found if not (forfeit_credits and one.code == "bought_credits")]


async def export_from(runtime: IdentityRuntime, service: str, person: Person, after: str | None) -> ExportPage:
    """The rows of one service that follow that place; raises Unavailable."""
    if service == "identity":
        async with runtime.db.read() as session:
            return await export_page(session, "identity", PRIVACY, person, after, PAGE)
    place = {} if after is None else {"after": after}
    query = {**_query(person), **place, "limit": str(PAGE)}
    return await runtime.peers.ask(OF_EACH[service].export, query=query, person_id=person.id)


async def _obligations(runtime: IdentityRuntime, service: str, person: Person) -> Obligations:
    if service == "identity":
        async with runtime.db.read() as session:
            return await open_of(session, PRIVACY, person)
    return await runtime.peers.ask(OF_EACH[service].obligations, query=_query(person), person_id=person.id)


async def retention(runtime: IdentityRuntime) -> list[tuple[str, KeptForView]]:
    """How long each service keeps what; Unavailable where one does not answer."""
    names = runtime.settings.service_names
    answers = await asyncio.gather(*(_retention(runtime, name) for name in names))
    return [(name, one) for name, answer in zip(names, answers, strict=True) for one in answer.results]


async def _retention(runtime: IdentityRuntime, service: str) -> RetentionTerms:
    if service == "identity":
        async with runtime.db.read() as session:
            return await terms_of(session, PRIVACY)
    return await runtime.peers.ask(OF_EACH[service].retention)


def _query(person: Person) -> Mapping[str, str]:
    return {} if person.practitioner_id is None else {"practitioner_id": str(person.practitioner_id)}
