"""Use cases of erasures: ask, cancel, begin once nothing is open, and end once every service has answered.

An erasure begins with the end of the account, whose last acts may still be under way just then: the services are asked
to erase when that is over, and nothing was opened by it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import orjson

from services.identity.accounts.models import User
from services.identity.accounts.service import get_user
from services.identity.erasures.domain import LOOK_AGAIN, SETTLE, TRANSITIONS, ErasureStatus
from services.identity.erasures.errors import ErasureBegun
from services.identity.erasures.models import Erasure
from services.identity.erasures.repository import Answers, Erasures
from services.identity.mail_tokens.service import issue_last
from services.identity.people.service import OpenObligation, as_rows, open_obligations, person_of
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.domain import EndReason
from services.identity.sessions.repository import SignInSessions
from services.identity.sessions.service import announce, end_sessions
from services.identity.superusers.service import lock_leaving, lock_own
from shared.auth.verification import Caller
from shared.database.erasure import Person
from shared.database.session import Session
from shared.errors import NotFound
from shared.events.identity import ErasureCancelled, ErasureRequested, ErasureScheduled, UserDeactivated
from shared.events.privacy import PersonErasedEvent
from shared.messaging.outbox import emit
from shared.records.state import transition


def erases_at(runtime: IdentityRuntime) -> datetime:
    """When an erasure begins that is asked for now (business time)."""
    return runtime.clock.now() + timedelta(days=runtime.settings.erasure_days)


async def request(runtime: IdentityRuntime, caller: Caller, *, forfeit_credits: bool) -> Erasure:
    """Asks for the caller's erasure; again: the same, and credits can still be given up.

    Raises LastSuperuser, and Unavailable.
    """
    open_now = await _open(runtime, caller.user_id, forfeit_credits=forfeit_credits)
    async with runtime.db.transaction() as session:
        user = await lock_own(session, caller)
        erasure = await schedule(session, user.id, caller.user_id, erases_at(runtime))
        erasure.forfeit_credits = erasure.forfeit_credits or forfeit_credits
        erasure.obligations = as_rows(open_now)
        return erasure


async def schedule(session: Session, user_id: UUID, asked_by: UUID, at: datetime) -> Erasure:
    """The open erasure of an account that is locked, made if there is none; `at` is when it begins at the latest."""
    present = await Erasures(session).newest_of(user_id, lock=True)
    if present is not None and present.status is ErasureStatus.DONE:
        return present
    if present is not None and present.status is not ErasureStatus.CANCELLED:
        present.erases_at = min(present.erases_at, at)
        session.wake_jobs_after_commit("begin_erasures")
        return present
    made = Erasure(user_id=user_id, asked_by=asked_by, erases_at=at, created_at=session.now(), tries=0)
    made.status, made.forfeit_credits, made.obligations = ErasureStatus.WAITING, False, []
    await Erasures(session).add(made)
    emit(session, ErasureScheduled(user_id=user_id, erasure_id=made.id, erases_at=at))
    session.wake_jobs_after_commit("begin_erasures")
    return made


async def is_scheduled(session: Session, user_id: UUID) -> bool:
    """Whether the account is to be erased, or was."""
    newest = await Erasures(session).newest_of(user_id)
    return newest is not None and newest.status is not ErasureStatus.CANCELLED


async def newest_of(session: Session, caller: Caller) -> Erasure:
    """The caller's last erasure; NotFound where there is none."""
    found = await Erasures(session).newest_of(caller.user_id)
    if found is None:
        raise NotFound("No erasure was asked for.")
    return found


async def cancel(session: Session, caller: Caller) -> Erasure:
    """The caller stays; again changes nothing. Raises NotFound, ErasureBegun."""
    await get_user(session, caller, lock=True)
    erasure = await Erasures(session).newest_of(caller.user_id, lock=True)
    if erasure is None:
        raise NotFound("No erasure was asked for.")
    if erasure.status in (ErasureStatus.ERASING, ErasureStatus.DONE):
        raise ErasureBegun
    if erasure.status is ErasureStatus.WAITING:
        transition(erasure, ErasureStatus.CANCELLED, TRANSITIONS)
        erasure.cancelled_at = session.now()
        emit(session, ErasureCancelled(user_id=erasure.user_id, erasure_id=erasure.id))
    return erasure


async def preview(runtime: IdentityRuntime, user_id: UUID) -> list[OpenObligation]:
    """What is open now; raises Unavailable."""
    return await _open(runtime, user_id, forfeit_credits=False)


async def look(runtime: IdentityRuntime, due: Erasure) -> bool:
    """Begins an erasure that is due, if nothing is open any more; else notes what is, and looks again soon.

    Raises LastSuperuser, and Unavailable.
    """
    person = await person_of(runtime, due.user_id)
    found = await open_obligations(runtime, person, forfeit_credits=due.forfeit_credits)
    async with runtime.db.transaction() as session:
        user = await lock_leaving(session, due.user_id)
        erasure = await Erasures(session).lock(due.id)
        if erasure is None or erasure.status is not ErasureStatus.WAITING:
            return False
        if found:
            erasure.obligations = as_rows(found)
            erasure.waits("; ".join(map(str, found)), LOOK_AGAIN)
            return False
        ended = await _begin(session, runtime, erasure, user)
    await announce(runtime, ended)
    return True


async def ask_services(runtime: IdentityRuntime, due: Erasure) -> bool:
    """Asks all services to erase the person of a closed account, unless it has still opened something."""
    person = await person_of(runtime, due.user_id)
    found = await open_obligations(runtime, person, forfeit_credits=due.forfeit_credits)
    async with runtime.db.transaction() as session:
        erasure = await Erasures(session).lock(due.id)
        if erasure is None or erasure.status is not ErasureStatus.ERASING or erasure.next_try_at is None:
            return False
        erasure.obligations = as_rows(found)
        if found:
            erasure.waits("; ".join(map(str, found)), LOOK_AGAIN)
            return False
        erasure.succeeded()
        emit(session, _asked(erasure, person))
    return True


async def answered(session: Session, runtime: IdentityRuntime, event: PersonErasedEvent) -> None:
    """A service has erased the person; the last answer ends the erasure, and sends the last mail."""
    erasure = await Erasures(session).lock(event.erasure_id)
    if erasure is None or erasure.status is not ErasureStatus.ERASING:
        return
    await Answers(session).add(event)
    answers = {answer.service for answer in await Answers(session).of(erasure.id)}
    if not answers.issuperset(runtime.settings.service_names):
        return
    transition(erasure, ErasureStatus.DONE, TRANSITIONS)
    sealed, erasure.recipient, erasure.done_at = erasure.recipient, None, session.now()
    if sealed is not None:
        recipient = runtime.sealing.open(sealed, Erasure.recipient, erasure.id)
        await issue_last(session, runtime.sealing, erasure.user_id, recipient)


async def _open(runtime: IdentityRuntime, user_id: UUID, *, forfeit_credits: bool) -> list[OpenObligation]:
    return await open_obligations(runtime, await person_of(runtime, user_id), forfeit_credits=forfeit_credits)


async def _begin(session: Session, runtime: IdentityRuntime, erasure: Erasure, user: User) -> Sequence[UUID]:
    """Closes the account, and returns the sessions that ended."""
    transition(erasure, ErasureStatus.ERASING, TRANSITIONS)
    erasure.begun_at, erasure.obligations = session.now(), []
    erasure.waits("the account has just been closed", SETTLE)
    if not user.is_erased:  # by the release before
        recipient = {"address": user.email, "first_name": user.first_name, "timezone": user.timezone}
        erasure.recipient = runtime.sealing.seal(orjson.dumps(recipient), Erasure.recipient, erasure.id)
    ended = await SignInSessions(session).find_live_of(user.id)
    end_sessions(session, ended, EndReason.DEACTIVATED)
    if user.deactivated_at is None:
        user.deactivated_at = user.updated_at = session.now()
        emit(session, UserDeactivated(user_id=user.id))
    return [opened.id for opened in ended]


def _asked(erasure: Erasure, person: Person) -> ErasureRequested:
    return ErasureRequested(
        user_id=erasure.user_id,
        erasure_id=erasure.id,
        practitioner_id=person.practitioner_id,
        forfeit_credits=erasure.forfeit_credits,
    )
