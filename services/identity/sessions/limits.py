"""How often may be guessed and asked, per account and per network. Counted first, then checked: rule 9 of sign-in.

Per account it is counted by the address that was typed, so that unknown addresses count too, and in the case that the
database takes for the same: an address that finds an account counts with all others that find it.
"""

from datetime import timedelta

from services.identity.sessions.clients import Client
from services.identity.sessions.repository import SignInSessions
from shared.database.session import Database, Session
from shared.database.throttle import Limit, Throttle
from shared.records.clock import machine_now

QUARTER, HOUR, LATELY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=30)
ACCOUNT_AND_NETWORK = Limit("sign-in account network", 10, QUARTER)
ACCOUNT_FROM_NEW_NETWORKS = Limit("sign-in account", 50, HOUR)
NETWORK = Limit("sign-in network", 100, HOUR)
REQUESTS = {name: Limit(name, 20, HOUR) for name in ("register", "reset", "resend")}


class SignInAttempt:
    """One attempt to sign in to an account, or to show that its password is known."""

    def __init__(self, db: Database, email: str, client: Client) -> None:
        self._db, self._email, self._client = db, email, client
        self._counted: list[tuple[Limit, str]] = []

    async def count(self) -> None:
        """Counts it under all limits or none; raises TooManyAttempts, and nothing may be checked."""
        async with self._db.read() as session:
            counted = await self._limits(session)
        async with self._db.autocommit() as session:
            await Throttle(session).take_all(counted)
        self._counted = counted

    async def forgive(self) -> None:
        """It was right, or was not checked: it does not count."""
        async with self._db.autocommit() as session:
            await Throttle(session).give_back_all(self._counted)

    async def _limits(self, session: Session) -> list[tuple[Limit, str]]:
        """In one order for all attempts, so that none waits for another in a circle."""
        network = self._client.network or "unknown"
        limits = [(NETWORK, network)] if self._client.limited else []
        account, is_known = await SignInSessions(session).knows_network(self._email, network, machine_now() - LATELY)
        limits.append((ACCOUNT_AND_NETWORK, f"{account} {network}"))
        if not is_known:
            limits.append((ACCOUNT_FROM_NEW_NETWORKS, account))
        return limits


async def count_request(session: Session, name: str, client: Client) -> None:
    """Counts a request that costs a mail or an account; raises TooManyAttempts where its network sent too many."""
    if client.limited and client.network is not None:
        await Throttle(session).take(REQUESTS[name], client.network)
