"""SQL of what the operator has switched off."""

from sqlalchemy.dialects.postgresql import insert

from services.identity.edge.models import ReadOnlySwitch
from shared.database.repository import Repository
from shared.records.clock import machine_now

THE_ONLY_ONE = 1


class Switches(Repository):
    """The operator's switches."""

    async def read_only(self) -> ReadOnlySwitch | None:
        """The one for writes, None while it was never used."""
        return await self.session.get(ReadOnlySwitch, THE_ONLY_ONE)

    async def set_read_only(self, *, on: bool) -> None:
        """Switches writes off or on."""
        now = machine_now()
        added = insert(ReadOnlySwitch).values(id=THE_ONLY_ONE, is_on=on, changed_at=now)
        await self.session.execute(
            added.on_conflict_do_update(index_elements=["id"], set_={"is_on": on, "changed_at": now})
        )
