"""Use cases of practitioners."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.catalog.practitioners.domain import OUTCOMES, TRANSITIONS, VerificationStatus
from services.catalog.practitioners.errors import AccountDeactivated
from services.catalog.practitioners.models import Practitioner
from services.catalog.practitioners.repository import Practitioners
from services.catalog.practitioners.schemas import Application, ProfileChange, Verification
from services.catalog.runtime import ServicesOfPractitioner
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.session import Session
from shared.errors import ConflictOfInterest
from shared.events.catalog import PractitionerApplied, PractitionerUpdated, PractitionerVerificationChanged
from shared.messaging.outbox import emit
from shared.records.state import transition


async def apply(session: Session, caller: Caller, given: Application) -> Practitioner:
    """Makes the user a practitioner whom staff have yet to approve; raises AlreadyApplied."""
    practitioner = await Practitioners(session).add(caller.user_id, given.model_dump())
    emit(session, PractitionerApplied(**event_fields(practitioner)))
    return practitioner


async def change_profile(
    session: Session, practitioner_id: UUID, caller: Caller, change: ProfileChange, services: ServicesOfPractitioner
) -> Practitioner:
    """Changes the caller's own profile; an application that needed changes goes back to staff by it."""
    practitioner = await Practitioners(session).get_own(practitioner_id, caller)
    zone = practitioner.timezone
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(practitioner, name, value)
    _touch(session, practitioner)
    emit(session, PractitionerUpdated(**event_fields(practitioner)))
    if practitioner.status is VerificationStatus.NEEDS_CHANGES:
        await _move(session, practitioner, VerificationStatus.PENDING, services)
    elif practitioner.timezone != zone:
        await services.publish_services_of(session, practitioner.id)
    return practitioner


async def verify(
    session: Session, practitioner_id: UUID, caller: Caller, given: Verification, services: ServicesOfPractitioner
) -> Practitioner:
    """Records staff's decision; the same decision again changes nothing.

    Raises AccountDeactivated, and ConflictOfInterest for one's own application.
    """
    practitioner = await Practitioners(session).get(practitioner_id, lock=True)
    if practitioner.user_id == caller.user_id:
        raise ConflictOfInterest
    if practitioner.deactivated_at is not None:
        raise AccountDeactivated
    outcome = OUTCOMES[given.decision]
    if practitioner.status is outcome:
        return practitioner
    before = _audited(practitioner)
    practitioner.note = given.note
    await _move(session, practitioner, outcome, services)
    after = _audited(practitioner)
    await audit.record(
        session, caller.user_id, "practitioner.verify", practitioner.id, before, after, reason=given.note
    )
    return practitioner


async def deactivate(session: Session, user_id: UUID, *, erased: bool) -> Practitioner | None:
    """Takes the practitioner of an ended account out of every list; None where that changes nothing.

    What is deactivated already can still be erased. Their services have to follow.
    """
    practitioner = await Practitioners(session).find_of(user_id, lock=True)
    if practitioner is None or (practitioner.deactivated_at is not None and not erased):
        return None
    practitioner.deactivated_at = practitioner.deactivated_at or session.now()
    if erased:
        practitioner.erase()
    _touch(session, practitioner)
    emit(session, PractitionerUpdated(**event_fields(practitioner)))
    return practitioner


async def suspend(session: Session, user_id: UUID, since: datetime | None) -> Practitioner | None:
    """Takes the practitioner of a suspended account out of the lists, or with None back into them.

    None where that changes nothing. Their services have to follow.
    """
    practitioner = await Practitioners(session).find_of(user_id, lock=True)
    if practitioner is None or practitioner.suspended_at == since:
        return None
    practitioner.suspended_at = since
    _touch(session, practitioner)
    emit(session, PractitionerUpdated(**event_fields(practitioner)))
    return practitioner


async def _move(
    session: Session, practitioner: Practitioner, to: VerificationStatus, services: ServicesOfPractitioner
) -> None:
    was_approved = practitioner.is_approved
    transition(practitioner, to, TRANSITIONS)
    _touch(session, practitioner)
    emit(session, PractitionerVerificationChanged(**event_fields(practitioner), note=practitioner.note))
    if practitioner.is_approved is not was_approved:
        await services.publish_services_of(session, practitioner.id)


def _touch(session: Session, practitioner: Practitioner) -> None:
    practitioner.version += 1
    practitioner.updated_at = session.now()


def event_fields(practitioner: Practitioner) -> dict[str, Any]:
    """The fields of every event about the practitioner."""
    return {
        "practitioner_id": practitioner.id,
        "user_id": practitioner.user_id,
        "display_name": practitioner.display_name,
        "timezone": practitioner.timezone,
        "verification_status": practitioner.status,
        "version": practitioner.version,
    }


def _audited(practitioner: Practitioner) -> dict[str, Any]:
    return {"verification_status": practitioner.status, "note": practitioner.note}
