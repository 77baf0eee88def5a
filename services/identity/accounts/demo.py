"""The demo's accounts: their password is public, so that an install with real settings has none of them."""

from services.identity.accounts.domain import DEMO_ACCOUNTS
from services.identity.accounts.errors import ReservedAddress
from services.identity.accounts.repository import Users
from services.identity.settings import IdentitySettings
from shared.database.session import Session
from shared.settings import SettingsError


def demand_not_reserved(settings: IdentitySettings, email: str) -> None:
    """Raises ReservedAddress for an address of the demo, where there is no demo."""
    if not settings.stand_ins and email.lower() in DEMO_ACCOUNTS:
        raise ReservedAddress(field="email")


async def demand_no_demo_accounts(session: Session) -> None:
    """Raises SettingsError if a database for real settings has an account of the demo that is in use."""
    found = await Users(session).in_use(DEMO_ACCOUNTS)
    if found:
        raise SettingsError(
            f"DATABASE_URL: holds accounts of the demo, whose password is public ({', '.join(found)}): "
            "take a database that the sandbox has not used"
        )
