"""For tests: a process that dies at a chosen commit, or call to another one, and is started again."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from shared.database.session import Database, Session


class Crash(BaseException):
    """The process is gone: nothing of it may catch this."""


@dataclass
class Crashes:
    """Points that a process passes are numbered from 0; it dies at `chosen`, or loses the answer of a call
    there.

    Between its death and `restart` nothing that is left of it reaches the database or Stripe.
    """

    chosen: int | None = None
    counting: bool = False
    dead: bool = False
    passed: list[str] = field(default_factory=list)

    @contextmanager
    def armed(self, chosen: int | None) -> Iterator[None]:
        """Counts points meanwhile, and dies at the chosen one; ends with the process started again."""
        self.chosen, self.counting, self.dead, self.passed = chosen, True, False, []
        try:
            yield
        except BaseException:
            if not self.dead:
                raise
        finally:
            self.counting = self.dead = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What happens meanwhile is not the process's doing."""
        before, self.counting = self.counting, False
        yield
        self.counting = before

    @property
    def hit(self) -> str | None:
        """The chosen point, where it was reached."""
        reached = self.chosen is not None and len(self.passed) > self.chosen
        return self.passed[self.chosen] if reached and self.chosen is not None else None

    def alive(self) -> None:
        """Raises Crash in what is left of a dead process."""
        if self.dead:
            raise Crash

    def passes(self, where: str) -> bool:
        """Whether this point is the chosen one."""
        if not self.counting:
            return False
        self.passed.append(where)
        return len(self.passed) - 1 == self.chosen

    def may_die(self, where: str) -> None:
        """A point at which the process dies if it is the chosen one."""
        self.alive()
        if self.passes(where):
            self.dead = True
            raise Crash(where)


class CrashingDatabase(Database):
    """Each commit is two points: before it, and after it."""

    def __init__(self, like: Database, crashes: Crashes) -> None:
        super().__init__(like.url, schema=like.schema, clock=like.clock, role=like.role, pool_size=15)
        self.crashes = crashes

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        self.crashes.alive()
        async with super().transaction() as session:
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        self.crashes.alive()
        async with super().read() as session:
            yield session

    async def _complete(self, session: Session) -> None:
        self.crashes.may_die("before commit")
        await super()._complete(session)
        self.crashes.may_die("after commit")
