"""What the buttons do: the same as the operations that an app calls."""

from pydantic import TypeAdapter, ValidationError

from services.identity.accounts.passwords import HasLeft
from services.identity.accounts.schemas import NewPassword
from services.identity.addresses import service as addresses
from services.identity.pages.domain import PageName
from services.identity.password_changes import service as password_changes
from services.identity.password_changes.schemas import ResetConfirmation
from services.identity.runtime import IdentityRuntime
from shared.errors import Invalid

PASSWORDS: TypeAdapter[str] = TypeAdapter(NewPassword)


async def act(runtime: IdentityRuntime, page: PageName, token: str, password: str, has_left: HasLeft) -> None:
    """Uses the token; raises what the operation raises, such as TokenInvalid, or Invalid for a bad password."""
    match page:
        case PageName.VERIFY_EMAIL:
            async with runtime.db.transaction() as session:
                await addresses.verify(session, runtime, token)
        case PageName.RESET_PASSWORD:
            given = ResetConfirmation.model_construct(token=token, password=_checked(password))
            await password_changes.confirm_reset(runtime, given, has_left)
        case PageName.CHANGE_EMAIL:
            await addresses.confirm_change(runtime, token)
        case PageName.UNDO_EMAIL:
            await addresses.undo_change(runtime, token)


def _checked(password: str) -> str:
    try:
        return PASSWORDS.validate_python(password)
    except ValidationError:
        raise Invalid("A password has 8 to 128 characters.", field="password") from None
