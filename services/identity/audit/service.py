"""Use cases of audit logs: search in all of them at once, take them out, check them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from uuid import UUID

import orjson

from services.identity.audit.domain import Verification
from services.identity.audit.logs import AuditLog, logs_of
from services.identity.audit.repository import AuditHeads
from services.identity.audit.schemas import AuditListing
from services.identity.audit.verification import verify
from services.identity.runtime import IdentityRuntime
from shared.database.audit_chain import Position
from shared.database.audit_entries import AuditFilter
from shared.database.listing import Page
from shared.errors import Invalid, NotFound, Unavailable
from shared.web.audit import LONGEST_LIST, AuditEntry, AuditEntryPage
from shared.web.pagination import Listing

BATCH = 500


async def search(runtime: IdentityRuntime, only: str | None, wanted: AuditFilter, page: Page) -> AuditListing:
    """One page of what all services have, or one of them; who does not answer is named. Raises Invalid."""
    oldest_first = _oldest_first(page)
    most = page.offset + page.limit
    if most > LONGEST_LIST:
        raise Invalid(f"A search shows its first {LONGEST_LIST} entries: narrow it by `from` and `to`.", field="offset")
    found, unreachable = await _gathered(logs(runtime, only), wanted, most, oldest_first=oldest_first)
    entries = [entry for part in found for entry in part.results]
    entries.sort(key=lambda entry: (entry.created_at, entry.id), reverse=not oldest_first)
    listing = Listing[AuditEntry].of(entries[page.offset : most], sum(part.total for part in found), page)
    return AuditListing(**dict(listing), unreachable=unreachable)


async def get(runtime: IdentityRuntime, entry_id: UUID) -> AuditEntry:
    """The entry, whoever has it; NotFound where nobody has, Unavailable where it may be at who does not answer."""
    answers = await asyncio.gather(*(log.find(entry_id) for log in logs_of(runtime).values()), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, AuditEntry):
            return answer
    _raise_first(answers)
    raise NotFound


def logs(runtime: IdentityRuntime, only: str | None) -> dict[str, AuditLog]:
    """Those of all services, or that of one; Invalid where there is no such service."""
    if only is not None and only not in runtime.settings.service_names:
        raise Invalid(f"There is no service {only}.", field="service")
    return logs_of(runtime, only)


async def lines(chosen: Mapping[str, AuditLog], wanted: AuditFilter, batch: int = BATCH) -> AsyncIterator[bytes]:
    """Every entry as a line of JSON, service by service; who did not answer to the end is in one more line."""
    unreachable = []
    for name, log in chosen.items():
        after: UUID | None = None
        try:
            while rows := await log.page(wanted, after, batch):
                after = rows[-1].id
                yield b"".join(row.model_dump_json().encode() + b"\n" for row in rows)
        except Unavailable:
            unreachable.append(name)
    if unreachable:
        yield orjson.dumps({"unreachable": unreachable}) + b"\n"


async def verify_all(runtime: IdentityRuntime) -> Sequence[Verification]:
    """Checks every service's log; Unavailable where one does not answer, since nobody knows then."""
    return await asyncio.gather(*(_verify(runtime, name, log) for name, log in logs_of(runtime).items()))


async def _verify(runtime: IdentityRuntime, service: str, log: AuditLog) -> Verification:
    async with runtime.db.read() as session:
        heads: Sequence[Position] = await AuditHeads(session).list(service)
    return await verify(service, heads, log.walk)


async def _gathered(
    logs: Mapping[str, AuditLog], wanted: AuditFilter, most: int, *, oldest_first: bool
) -> tuple[list[AuditEntryPage], list[str]]:
    asked = (log.list(wanted, most, oldest_first=oldest_first) for log in logs.values())
    answers = dict(zip(logs, await asyncio.gather(*asked, return_exceptions=True), strict=True))
    unreachable = [name for name, answer in answers.items() if isinstance(answer, Unavailable | NotFound)]
    _raise_first([answer for name, answer in answers.items() if name not in unreachable])
    return [answer for answer in answers.values() if isinstance(answer, AuditEntryPage)], unreachable


def _raise_first(answers: Sequence[object]) -> None:
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer


def _oldest_first(page: Page) -> bool:
    if page.ordering not in {None, "created_at", "-created_at"}:
        raise Invalid("Order by one of: created_at.", code="unknown_ordering", field="ordering")
    return page.ordering == "created_at"
