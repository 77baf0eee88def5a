"""Use cases of accounts."""

from services.identity.accounts.demo import demand_not_reserved
from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.accounts.schemas import Registration, UserChange
from services.identity.settings import IdentitySettings
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import Unauthenticated
from shared.events.identity import UserRegistered, UserUpdated
from shared.messaging.outbox import emit


async def add_user(session: Session, settings: IdentitySettings, given: Registration, password_hash: str) -> User:
    """Makes an account and publishes it; raises EmailTaken and ReservedAddress."""
    demand_not_reserved(settings, given.email)
    user = await Users(session).add(password_hash=password_hash, **given.model_dump(exclude={"password"}))
    emit(session, UserRegistered(user_id=user.id, **_event_fields(user)))
    return user


async def get_user(session: Session, caller: Caller, *, lock: bool = False) -> User:
    """The caller's account; Unauthenticated where it does not exist any more."""
    user = await Users(session).find_active(caller.user_id, lock=lock)
    if user is None:
        raise Unauthenticated("The account of this token does not exist.")
    return user


async def update_user(session: Session, caller: Caller, change: UserChange) -> User:
    """Changes what is given and publishes the account as it is then."""
    user = await get_user(session, caller, lock=True)
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(user, name, value)
    user.updated_at = session.now()
    emit(session, UserUpdated(user_id=user.id, **_event_fields(user)))
    return user


def _event_fields(user: User) -> dict[str, str]:
    return {name: getattr(user, name) for name in ("email", "first_name", "last_name", "timezone")}
