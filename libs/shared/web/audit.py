"""The internal API of every service's audit log, which identity alone reads, and its models."""

from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, BaseModel, StringConstraints

from shared.database.audit_chain import Position, Walked, walk
from shared.database.audit_entries import AuditEntries, AuditFilter
from shared.errors import NotFound
from shared.peers import Endpoint
from shared.records.times import whole_text
from shared.runtime import Runtime
from shared.web.http import SessionDep, UnkeyedRoute, UtcTime, View, called_by, errors_of, runtime_of

READER, LOG = "identity", "/internal/audit"
LONGEST_LIST, LONGEST_STRETCH = 1000, 5000
Rt = Annotated[Runtime, Depends(runtime_of)]
Searched = Annotated[str, StringConstraints(max_length=200), AfterValidator(whole_text)]


class AuditEntry(View):
    """What staff did once. An erased entry has neither contents nor a reason; times are the machine's."""

    id: UUID
    service: str
    actor_id: UUID | None
    on_behalf_of: UUID | None
    action: str
    subject_type: str
    subject_id: UUID
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str | None
    trace_id: str | None
    address: str | None
    created_at: UtcTime
    sealed: bool

    @classmethod
    def of(cls, service: str, row: Any) -> "AuditEntry":
        """The row of that service's log; what it is about is the first part of its action."""
        about, sealed = row.action.partition(".")[0], row.number is not None
        return cls(**row._asdict(), service=service, subject_type=about, sealed=sealed)


class AuditEntryPage(BaseModel):
    """Entries of one service, and how many there are in all."""

    results: list[AuditEntry]
    total: int


class AuditEntryBatch(BaseModel):
    """Entries of one service in the order of their ids."""

    results: list[AuditEntry]


class ChainStretch(BaseModel):
    """A stretch of a chain: hashes as hex digits, and the first row that is not as it was sealed."""

    hashes: list[str]
    erased: int
    broken_at: int | None
    fault: str

    @classmethod
    def of(cls, walked: Walked) -> "ChainStretch":
        """As it was walked."""
        return cls(hashes=[one.hex() for one in walked.hashes], **_rest_of(walked))

    def walked(self) -> Walked:
        """As the service walked it."""
        return Walked([bytes.fromhex(one) for one in self.hashes], self.erased, self.broken_at, self.fault)


class AuditOperations(NamedTuple):
    """What identity asks of one service's log."""

    entries: Endpoint[AuditEntryPage]
    batch: Endpoint[AuditEntryBatch]
    chain: Endpoint[ChainStretch]
    entry: Endpoint[AuditEntry]


def operations_of(service: str) -> AuditOperations:
    """Those of that service."""
    return AuditOperations(
        Endpoint(service, "GET", f"{LOG}/", AuditEntryPage),
        Endpoint(service, "GET", f"{LOG}/export/", AuditEntryBatch),
        Endpoint(service, "GET", f"{LOG}/chain/", ChainStretch),
        Endpoint(service, "GET", f"{LOG}/{{entry_id}}/", AuditEntry),
    )


def _rest_of(walked: Walked) -> dict[str, Any]:
    return {"erased": walked.erased, "broken_at": walked.broken_at, "fault": walked.fault}


async def audit_filter(
    actor_id: UUID | None = None,
    subject_id: UUID | None = None,
    action: Searched | None = None,
    since: Annotated[UtcTime | None, Query(alias="from")] = None,
    until: Annotated[UtcTime | None, Query(alias="to")] = None,
    search: Searched | None = None,
) -> AuditFilter:
    """What is looked for, from the query string; `from` is inclusive, `to` exclusive."""
    return AuditFilter(actor_id, subject_id, action or None, since, until, (search or "").strip() or None)


def query_of(wanted: AuditFilter) -> dict[str, str]:
    """The query string that `audit_filter` reads as that."""
    given = {
        "actor_id": wanted.actor_id,
        "subject_id": wanted.subject_id,
        "action": wanted.action,
        "from": _text(wanted.since),
        "to": _text(wanted.until),
        "search": wanted.search,
    }
    return {name: str(value) for name, value in given.items() if value is not None}


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


Wanted = Annotated[AuditFilter, Depends(audit_filter)]
internal = APIRouter(prefix=LOG, route_class=UnkeyedRoute, dependencies=[called_by(READER)])


@internal.get("/")
async def list_entries(
    session: SessionDep,
    runtime: Rt,
    wanted: Wanted,
    limit: Annotated[int, Query(ge=1, le=LONGEST_LIST)] = 20,
    oldest_first: bool = False,
) -> AuditEntryPage:
    """The first entries by time, for identity."""
    rows, total = await AuditEntries(session).list(wanted, limit, oldest_first=oldest_first)
    return AuditEntryPage(results=[AuditEntry.of(runtime.service, row) for row in rows], total=total)


@internal.get("/export/")
async def export_entries(
    session: SessionDep,
    runtime: Rt,
    wanted: Wanted,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_LIST)] = 500,
) -> AuditEntryBatch:
    """The entries that follow that id, by id, for identity."""
    rows = await AuditEntries(session).page(wanted, after, limit)
    return AuditEntryBatch(results=[AuditEntry.of(runtime.service, row) for row in rows])


@internal.get("/chain/")
async def walk_chain(
    session: SessionDep,
    runtime: Rt,
    after: Annotated[int, Query(ge=0)],
    previous: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")],
    limit: Annotated[int, Query(ge=1, le=LONGEST_STRETCH)] = 2000,
) -> ChainStretch:
    """Checks the rows that follow number `after`, whose hash is `previous`."""
    return ChainStretch.of(await walk(session, runtime.db.schema, Position(after, bytes.fromhex(previous)), limit))


@internal.get("/{entry_id}/", responses=errors_of(NotFound))
async def show_entry(entry_id: UUID, session: SessionDep, runtime: Rt) -> AuditEntry:
    """One entry, for identity."""
    row = await AuditEntries(session).find(entry_id)
    if row is None:
        raise NotFound
    return AuditEntry.of(runtime.service, row)
