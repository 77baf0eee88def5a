"""Use cases of accounts."""

from typing import Any

from services.identity.accounts.demo import demand_not_reserved
from services.identity.accounts.errors import EmailTaken, PreferencesTooLarge
from services.identity.accounts.models import User
from services.identity.accounts.profile import fits
from services.identity.accounts.repository import Users
from services.identity.accounts.schemas import Registration, UserChange, UserView
from services.identity.consents.service import agree, pending_of
from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.errors import TokenInvalid
from services.identity.mail_tokens.models import MailToken
from services.identity.mail_tokens.repository import MailTokens
from services.identity.mail_tokens.service import issue, read_token
from services.identity.settings import IdentitySettings
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import Unauthenticated
from shared.events.identity import UserRegistered, UserUpdated
from shared.messaging.outbox import emit


async def add_user(session: Session, settings: IdentitySettings, given: Registration, password_hash: str) -> User:
    """Makes an account, publishes it and mails a link that proves its address.

    Raises EmailTaken, ReservedAddress, and what is refused about its consents.
    """
    demand_not_reserved(settings, given.email)
    columns = given.model_dump(exclude={"password", "consents"})
    user = await add_account(session, settings, password_hash=password_hash, **columns)
    await agree(session, user.id, given.consents)
    return user


async def add_account(session: Session, settings: IdentitySettings, **fields: Any) -> User:
    """Makes an account with these columns and publishes it.

    Raises EmailTaken, and nothing is to be committed, also where another account may still take the address back: that
    is looked at afterwards, since the address may have become free while this waited for it.
    A link is mailed that proves its address, unless it `is_verified`.
    """
    user = await Users(session).add(**fields)
    if await MailTokens(session).is_reserved(user.email):
        raise EmailTaken
    emit(session, UserRegistered(user_id=user.id, **_event_fields(user)))
    if user.is_verified:
        publish_change(session, user)
    else:
        await mail_verification(session, settings, user)
    return user


async def mail_verification(session: Session, settings: IdentitySettings, user: User) -> None:
    """Mails a link that proves the address; an older one becomes void."""
    await issue(session, MailKind.VERIFY_EMAIL, user.id, user.email, settings.verify_life)


async def get_user(session: Session, caller: Caller, *, lock: bool = False) -> User:
    """The caller's account; Unauthenticated where it does not exist any more."""
    user = await Users(session).find_active(caller.user_id, lock=lock)
    if user is None:
        raise Unauthenticated("The account of this token does not exist.")
    return user


async def view_of(session: Session, user: User) -> UserView:
    """The account as its owner sees it, with what they have still to agree to."""
    view = UserView.model_validate(user)
    return view.model_copy(update={"pending_consents": await pending_of(session, user.id)})


async def update_user(session: Session, caller: Caller, change: UserChange) -> User:
    """Changes what is given and publishes the account as it is then. Raises PreferencesTooLarge."""
    user = await get_user(session, caller, lock=True)
    given = change.model_dump(exclude_unset=True)
    if "preferences" in given:
        given["preferences"] = _merged(user.preferences, given["preferences"])
    for name, value in given.items():
        setattr(user, name, value)
    publish_change(session, user)
    return user


def _merged(present: dict[str, Any], given: dict[str, Any] | None) -> dict[str, Any]:
    """What is given replaces key by key; null takes a key away, and null for all of them empties everything."""
    merged = {} if given is None else {key: value for key, value in (present | given).items() if value is not None}
    if not fits(merged):
        raise PreferencesTooLarge
    return merged


def publish_change(session: Session, user: User) -> None:
    """Publishes the account as it is now."""
    user.updated_at = session.now()
    more = {"is_verified": user.is_verified, "locale": user.locale}
    emit(session, UserUpdated(user_id=user.id, **more, **_event_fields(user)))


async def find_of_token(session: Session, key: bytes, kind: MailKind, token: str) -> User:
    """The account of a token that is good now, without a lock; raises TokenInvalid."""
    mail = await MailTokens(session).find(read_token(key, kind, token))
    user = None if mail is None or mail.user_id is None else await Users(session).find_active(mail.user_id)
    if mail is None or mail.is_void or user is None:
        raise TokenInvalid
    return user


async def lock_of_token(session: Session, key: bytes, kind: MailKind, token: str) -> tuple[User, MailToken]:
    """The account, locked, and the mail of that token, used up or not; raises TokenInvalid.

    The account comes first, as in all that changes one: what voids its tokens waits.
    """
    mail = await MailTokens(session).find(read_token(key, kind, token))
    user = None if mail is None or mail.user_id is None else await Users(session).find_active(mail.user_id, lock=True)
    if mail is None or user is None:
        raise TokenInvalid
    await MailTokens(session).reload(mail)
    return user, mail


async def use_token(session: Session, key: bytes, kind: MailKind, token: str) -> tuple[User, MailToken]:
    """As `lock_of_token`, and uses the token up: of many uses at once one succeeds, the others raise TokenInvalid."""
    user, mail = await lock_of_token(session, key, kind, token)
    if not await MailTokens(session).use(mail.id):
        raise TokenInvalid
    return user, mail


def _event_fields(user: User) -> dict[str, str]:
    return {name: getattr(user, name) for name in ("email", "first_name", "last_name", "timezone")}
