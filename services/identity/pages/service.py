"""What the buttons do: the same as the operations that an app calls."""

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from services.identity.accounts.passwords import HasLeft
from services.identity.accounts.schemas import NewPassword
from services.identity.addresses import service as addresses
from services.identity.invitations import acceptance
from services.identity.invitations.schemas import Acceptance
from services.identity.pages.domain import PageName
from services.identity.password_changes import service as password_changes
from services.identity.password_changes.schemas import ResetConfirmation
from services.identity.runtime import IdentityRuntime
from services.identity.sessions.clients import Client
from shared.errors import Invalid
from shared.records.text import Name

PASSWORDS: TypeAdapter[str] = TypeAdapter(NewPassword)
NAMES: TypeAdapter[str] = TypeAdapter(Name)


@dataclass(frozen=True, slots=True)
class Given:
    """What the form holds; a field that it does not ask for is empty."""

    token: str
    password: str
    first_name: str
    last_name: str


async def act(runtime: IdentityRuntime, page: PageName, given: Given, client: Client, has_left: HasLeft) -> None:
    """Uses the token; raises what the operation raises, such as TokenInvalid, or Invalid for a bad password or name."""
    match page:
        case PageName.VERIFY_EMAIL:
            await addresses.verify(runtime, given.token, client)
        case PageName.RESET_PASSWORD:
            reset = ResetConfirmation.model_construct(token=given.token, password=_password(given.password))
            await password_changes.confirm_reset(runtime, reset, has_left)
        case PageName.CHANGE_EMAIL:
            await addresses.confirm_change(runtime, given.token)
        case PageName.UNDO_EMAIL:
            await addresses.undo_change(runtime, given.token)
        case PageName.ACCEPT_INVITATION:
            await acceptance.make_account(runtime, _acceptance(given), has_left)


def _acceptance(given: Given) -> Acceptance:
    return Acceptance.model_construct(
        token=given.token,
        first_name=_name(given.first_name, "first_name"),
        last_name=_name(given.last_name, "last_name"),
        password=_password(given.password),
    )


def _password(given: str) -> str:
    try:
        return PASSWORDS.validate_python(given)
    except ValidationError:
        raise Invalid("A password has 8 to 128 characters.", field="password") from None


def _name(given: str, field: str) -> str:
    try:
        return NAMES.validate_python(given)
    except ValidationError:
        raise Invalid("A name has 1 to 100 visible characters.", field=field) from None
