"""Use cases of consents."""

from collections.abc import Sequence
from uuid import UUID

from services.identity.consents.domain import Decision
from services.identity.consents.errors import NotTheNextVersion, RequiredPurpose, UnknownPurpose, VersionOutdated
from services.identity.consents.models import Consent, ConsentDocument
from services.identity.consents.repository import Consents, Documents
from services.identity.consents.schemas import Agreement, NewConsent, NewDocument
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.session import Session
from shared.events.identity import ConsentRecorded
from shared.messaging.outbox import emit


async def publish(session: Session, caller: Caller, given: NewDocument) -> ConsentDocument:
    """Adds the next version of a document; raises NotTheNextVersion."""
    newest = await Documents(session).lock_newest(given.purpose)
    if given.version != newest + 1:
        raise NotTheNextVersion(field="version")
    document = ConsentDocument(**given.model_dump(), created_at=session.now())
    await Documents(session).add(document)
    after = {"purpose": given.purpose, "version": given.version, "effective_at": given.effective_at.isoformat()}
    await audit.record(session, caller.user_id, "consent_document.publish", document.audit_id, {}, after)
    return document


async def decide(session: Session, user_id: UUID, given: NewConsent, within: str = "") -> Consent:
    """Records a decision and publishes it.

    Raises UnknownPurpose, VersionOutdated (a yes may also be withdrawn from an earlier version), and RequiredPurpose;
    `within` is where in the request it stands, with a dot at the end.
    """
    await _check_version(session, given, within)
    consent = Consent(user_id=user_id, purpose=given.purpose, version=given.version, decision=given.decision)
    if given.scope is not None:
        consent.scope_kind, consent.scope_id = given.scope.named()
    consent.created_at = session.now()
    await Consents(session).add(consent)
    emit(session, _event_of(consent))
    return consent


async def agree(session: Session, user_id: UUID, agreements: Sequence[Agreement]) -> None:
    """Records what a new account agrees to; the same twice is one."""
    places = {(agreement.purpose, agreement.version): place for place, agreement in enumerate(agreements)}
    for (purpose, version), place in sorted(places.items()):
        given = NewConsent(purpose=purpose, version=version, decision=Decision.GIVEN)
        await decide(session, user_id, given, f"consents.{place}.")


async def pending_of(session: Session, user_id: UUID) -> list[str]:
    """The required purposes that the person has not agreed to in the version in force."""
    return await Consents(session).pending(user_id, session.now())


async def _check_version(session: Session, given: NewConsent, within: str) -> None:
    in_force = await Documents(session).in_force(given.purpose, session.now())
    if in_force is None:
        raise UnknownPurpose(field=f"{within}purpose")
    earlier = given.decision is Decision.WITHDRAWN and given.version < in_force.version
    if given.version != in_force.version and not earlier:
        raise VersionOutdated(field=f"{within}version")
    if in_force.required and given.decision is not Decision.GIVEN and given.scope is None:
        raise RequiredPurpose(field=f"{within}purpose")


def _event_of(consent: Consent) -> ConsentRecorded:
    return ConsentRecorded(
        user_id=consent.user_id,
        consent_id=consent.id,
        purpose=consent.purpose,
        version=consent.version,
        decision=consent.decision.value,
        scope_kind=consent.scope_kind,
        scope_id=consent.scope_id,
    )
