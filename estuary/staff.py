"""The operator's commands for staff accounts: make one, list them, take the role. Processes may run beside."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

from estuary.run.postgres import open_migrated
from estuary.settings import EstuarySettings, service_environment
from services.identity.accounts.domain import AT_WORK
from services.identity.accounts.errors import EmailTaken, LastSuperuser
from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.settings import IdentitySettings
from services.identity.staff import service as staff
from services.identity.staff.errors import AddressNotProven, NotStaff
from shared.auth.permissions import Role
from shared.database.migrate import role_of
from shared.database.session import Database, Session
from shared.errors import Invalid, NotFound
from shared.records.clock import SystemClock
from shared.settings import SettingsError

REFUSALS = (AddressNotProven, EmailTaken, Invalid, LastSuperuser, NotFound, NotStaff)
HOW_TO_PROMOTE = "`--promote` makes it staff once its owner has proven the address"


async def demand_free(settings: EstuarySettings, env: Mapping[str, str], email: str) -> None:
    """Raises SettingsError with one line where no account can be made with that address."""
    async with identity(settings) as session:
        with _taken_in_a_line(email):
            await staff.demand_free(session, _settings(settings, env), email)


async def create(settings: EstuarySettings, env: Mapping[str, str], email: str, password: str, superuser: bool) -> None:
    """A new account; raises SettingsError with one line where there is one already."""
    async with identity(settings) as session:
        with _taken_in_a_line(email):
            user = await staff.create_staff(session, _settings(settings, env), email, password, superuser=superuser)
            print(_line(user))


async def promote(settings: EstuarySettings, email: str, superuser: bool) -> None:
    """An existing account becomes staff; raises SettingsError where its address was never proven."""
    async with identity(settings) as session:
        print(_line(await staff.promote(session, email, superuser=superuser)))


async def show(settings: EstuarySettings) -> None:
    """Prints a line for each account with a role of those who work for the platform."""
    async with identity(settings) as session:
        for user in await Users(session).at_work():
            print(_line(user))


async def revoke(settings: EstuarySettings, email: str) -> None:
    """Takes all roles of staff and ends the sessions; raises SettingsError for the last superuser."""
    async with identity(settings) as session:
        user = await staff.revoke_staff(session, email)
        print(f"{user.email} is no longer staff; the account's sessions have ended")


def _settings(settings: EstuarySettings, env: Mapping[str, str]) -> IdentitySettings:
    return IdentitySettings.of(service_environment(settings, env))


@contextmanager
def _taken_in_a_line(email: str) -> Iterator[None]:
    try:
        yield
    except EmailTaken as error:
        raise SettingsError(f"{email}: {error.detail} {HOW_TO_PROMOTE}") from None


def _line(user: User) -> str:
    held = [role for role in reversed(user.roles) if role in AT_WORK and not (user.is_superuser and role == Role.STAFF)]
    suspended = "" if user.suspended_at is None else "  suspended"
    return f"{user.email}  {', '.join(held)}  since {user.created_at:%Y-%m-%d}{suspended}"


@asynccontextmanager
async def identity(settings: EstuarySettings) -> AsyncIterator[Session]:
    """A transaction in identity's schema, which has to be migrated; a refusal becomes one line."""
    async with (
        open_migrated(settings, ["identity"]) as url,
        identity_database(url) as db,
    ):
        try:
            async with db.transaction() as session:
                yield session
        except REFUSALS as error:
            raise SettingsError(error.detail) from None


@asynccontextmanager
async def identity_database(url: str) -> AsyncIterator[Database]:
    """Identity's own database, for as long as the context lasts."""
    db = Database(url, schema="identity", clock=SystemClock(), role=role_of("identity"), pool_size=1)
    try:
        yield db
    finally:
        await db.close()
