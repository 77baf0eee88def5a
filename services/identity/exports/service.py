"""Use cases of exports: ask for one, gather it service by service, fetch it as a zip."""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Sequence
from uuid import UUID

import orjson

from services.identity.accounts.service import get_user
from services.identity.exports.domain import LIFE, SAME_FOR, TRANSITIONS, TRIES, ExportStatus
from services.identity.exports.errors import NotReady
from services.identity.exports.models import Export, ExportPart
from services.identity.exports.repository import Exports
from services.identity.people.service import export_from, person_of
from services.identity.runtime import IdentityRuntime
from shared.auth.verification import Caller
from shared.database.erasure import Person
from shared.database.sealing import Sealing
from shared.database.session import Session
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.records.state import transition


async def request(session: Session, caller: Caller) -> tuple[Export, bool]:
    """An export of what is held of the caller, and whether it is new: within 24 hours it is the same one."""
    user = await get_user(session, caller, lock=True)
    now = session.now()
    same = await Exports(session).usable_since(user.id, now - SAME_FOR)
    if same is not None:
        return same, False
    export = Export(user_id=user.id, status=ExportStatus.QUEUED, created_at=now, expires_at=now + LIFE, tries=0)
    export.next_try_at = machine_now()
    session.wake_jobs_after_commit("make_exports")
    return await Exports(session).add(export), True


async def gather(runtime: IdentityRuntime, claimed: Export) -> bool:
    """Gathers what is missing, and ends the export; what is there already stays. Raises Unavailable."""
    person = await person_of(runtime, claimed.user_id)
    async with runtime.db.transaction() as session:
        export = await Exports(session).lock(claimed.id)
        if export is None:
            return False
        if export.status is ExportStatus.QUEUED:
            transition(export, ExportStatus.RUNNING, TRANSITIONS)
        there = await Exports(session).services(claimed.id)
    for name in runtime.settings.service_names:
        if name not in there:
            await _gather_part(runtime, claimed.id, name, person)
    return await _end(runtime, claimed.id, ExportStatus.READY)


async def give_up(runtime: IdentityRuntime, export_id: UUID) -> bool:
    """The export failed: it can be asked for anew."""
    return await _end(runtime, export_id, ExportStatus.FAILED)


def is_hopeless(claimed: Export) -> bool:
    """Whether it was tried often enough."""
    return claimed.tries > TRIES


async def download(session: Session, runtime: IdentityRuntime, caller: Caller, export_id: UUID) -> bytes:
    """The zip; raises NotFound, NotReady."""
    export = await Exports(session).get_own(export_id, caller.user_id, session.now())
    if export.status is not ExportStatus.READY:
        raise NotReady
    parts = await Exports(session).parts(export.id)
    return await asyncio.to_thread(_zipped, runtime.sealing, export, parts)


async def _gather_part(runtime: IdentityRuntime, export_id: UUID, service: str, person: Person) -> None:
    tables: dict[str, list[object]] = {}
    after, rows = None, 0
    while True:
        page = await export_from(runtime, service, person, after)
        for one in page.results:
            tables.setdefault(one.table, []).append(one.row)
        rows, after = rows + len(page.results), page.after
        if after is None:
            break
    part_id = new_id()
    sealed, digest = await asyncio.to_thread(_sealed, runtime.sealing, part_id, tables)
    async with runtime.db.transaction() as session:
        if await Exports(session).lock(export_id) is not None:
            part = {"id": part_id, "export_id": export_id, "service": service, "rows": rows, "sha256": digest}
            await Exports(session).put_part(**part, contents=sealed)


def _sealed(sealing: Sealing, part_id: UUID, tables: dict[str, list[object]]) -> tuple[bytes, str]:
    """The JSON, sealed, and its digest; of much data this takes long."""
    contents = orjson.dumps(tables, option=orjson.OPT_INDENT_2)
    return sealing.seal(contents, ExportPart.contents, part_id), hashlib.sha256(contents).hexdigest()


async def _end(runtime: IdentityRuntime, export_id: UUID, to: ExportStatus) -> bool:
    async with runtime.db.transaction() as session:
        export = await Exports(session).lock(export_id)
        if export is None or to not in TRANSITIONS[export.status]:
            return False
        transition(export, to, TRANSITIONS)
        if to is ExportStatus.READY:
            export.ready_at, export.expires_at = session.now(), session.now() + LIFE
        export.next_try_at = None
    return True


def _zipped(sealing: Sealing, export: Export, parts: Sequence[ExportPart]) -> bytes:
    file, manifest = io.BytesIO(), {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            contents = sealing.open(part.contents, ExportPart.contents, part.id)
            archive.writestr(f"{part.service}.json", contents)
            manifest[f"{part.service}.json"] = {"count": part.rows, "sha256": part.sha256}
        about = {"export_id": str(export.id), "made_at": export.ready_at, "files": manifest}
        archive.writestr("manifest.json", orjson.dumps(about, option=orjson.OPT_INDENT_2))
    return file.getvalue()
