"""Use cases of the edge."""

from datetime import datetime
from uuid import UUID

from services.identity.edge.repository import Switches
from services.identity.keys import service as keys
from services.identity.keys.domain import ACCESS_TTL, CLOCK_LEEWAY
from services.identity.sessions.domain import LATEST_COMMIT
from services.identity.sessions.repository import SignInSessions
from shared.database import audit
from shared.database.session import Session
from shared.internal.identity import EdgeView
from shared.records.clock import machine_now

PLATFORM = UUID(int=0)
"""The subject of audit rows that are about the whole platform."""


async def view(session: Session, after: datetime | None) -> EdgeView:
    """What a process must know; of ended sessions those whose access tokens may still be good.

    `after` is an earlier answer's `until`: then only the sessions that the process may not know, which are those that
    ended since, and those whose end was committed late.
    """
    now = machine_now()
    oldest = now - ACCESS_TTL - CLOCK_LEEWAY
    wanted = oldest if after is None else max(oldest, after - LATEST_COMMIT)
    switch = await Switches(session).read_only()
    return EdgeView(
        keys=await keys.published(session, now),
        ended_sessions=list(await SignInSessions(session).ended_since(wanted)),
        read_only=switch is not None and switch.is_on,
        until=now,
    )


async def switch_read_only(session: Session, *, on: bool) -> bool:
    """Switches writes off or on, for every gateway; returns whether that changed anything."""
    switch = await Switches(session).read_only()
    was_on = switch is not None and switch.is_on
    if was_on is on:
        return False
    await Switches(session).set_read_only(on=on)
    await audit.record(session, None, "platform.read_only", PLATFORM, {"on": was_on}, {"on": on})
    session.wake_jobs_after_commit("announce_read_only")
    return True
