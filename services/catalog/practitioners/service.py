"""Use cases of practitioners."""

from typing import Any
from uuid import UUID

from services.catalog.models import Practitioner
from services.catalog.offers.service import erase_all_of, publish_services_of
from services.catalog.practitioners.domain import ERASED_NAME, OUTCOMES, TRANSITIONS, VerificationStatus
from services.catalog.practitioners.errors import AccountDeactivated
from services.catalog.practitioners.repository import AuditLog, Practitioners
from services.catalog.practitioners.schemas import Application, Onboarding, ProfileChange, Verification
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import ConflictOfInterest
from shared.events.catalog import PractitionerApplied, PractitionerUpdated, PractitionerVerificationChanged
from shared.messaging.outbox import emit
from shared.records.state import transition


async def apply(session: Session, who: Who, given: Application) -> Practitioner:
    """Makes the user a practitioner whom staff has yet to approve; raises AlreadyApplied."""
    practitioner = await Practitioners(session).add(who.user_id, given.model_dump())
    emit(session, PractitionerApplied(**_facts(practitioner)))
    return practitioner


async def change_profile(session: Session, who: Who, practitioner_id: UUID, change: ProfileChange) -> Practitioner:
    """Changes the caller's own profile; an application that needed changes goes back to staff by it."""
    practitioner = await Practitioners(session).get_own(practitioner_id, who)
    zone = practitioner.timezone
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(practitioner, name, value)
    _touch(session, practitioner)
    emit(session, PractitionerUpdated(**_facts(practitioner)))
    if practitioner.status is VerificationStatus.NEEDS_CHANGES:
        await _move(session, practitioner, VerificationStatus.PENDING)
    elif practitioner.timezone != zone:
        await publish_services_of(session, practitioner)
    return practitioner


async def verify(session: Session, who: Who, practitioner_id: UUID, given: Verification) -> Practitioner:
    """Records staff's decision; the same decision again changes nothing.

    Raises AccountDeactivated, and ConflictOfInterest for one's own application.
    """
    practitioner = await Practitioners(session).get(practitioner_id, lock=True)
    if practitioner.user_id == who.user_id:
        raise ConflictOfInterest
    if practitioner.deactivated_at is not None:
        raise AccountDeactivated
    outcome = OUTCOMES[given.decision]
    if practitioner.status is outcome:
        return practitioner
    before = _audited(practitioner)
    practitioner.note = given.note
    await _move(session, practitioner, outcome)
    AuditLog(session).add(who, "practitioner_verification", practitioner.id, before, _audited(practitioner))
    return practitioner


async def deactivate(session: Session, user_id: UUID, *, erased: bool) -> None:
    """The user's account is no more: their profile and services are found no longer.

    Again changes nothing, but who was deactivated before can still be erased.
    """
    practitioner = await Practitioners(session).find_locked(user_id)
    if practitioner is None or (practitioner.deactivated_at is not None and not erased):
        return
    practitioner.deactivated_at = practitioner.deactivated_at or session.now()
    if erased:
        practitioner.display_name, practitioner.bio, practitioner.note = ERASED_NAME, "", None
        practitioner.specializations = []
        await erase_all_of(session, practitioner)
        await AuditLog(session).forget_notes(practitioner.id)
    _touch(session, practitioner)
    emit(session, PractitionerUpdated(**_facts(practitioner)))
    await publish_services_of(session, practitioner)


async def onboarding(session: Session, practitioner: Practitioner) -> Onboarding:
    """How far the practitioner has come."""
    has_service = await Practitioners(session).has_service(practitioner.id)
    return Onboarding.of(practitioner, has_service=has_service)


async def _move(session: Session, practitioner: Practitioner, to: VerificationStatus) -> None:
    was_approved = practitioner.is_approved
    transition(practitioner, to, TRANSITIONS)
    _touch(session, practitioner)
    emit(session, PractitionerVerificationChanged(**_facts(practitioner), note=practitioner.note))
    if practitioner.is_approved is not was_approved:
        await publish_services_of(session, practitioner)


def _touch(session: Session, practitioner: Practitioner) -> None:
    practitioner.version += 1
    practitioner.updated_at = session.now()


def _facts(practitioner: Practitioner) -> dict[str, Any]:
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
