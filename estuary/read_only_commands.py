"""The operator's switch for writes."""

import typer

from estuary.settings import EstuarySettings

read_only = typer.Typer(help="Refuse all writes, at every gateway within two seconds.", no_args_is_help=True)


@read_only.command("on")
def switch_on() -> None:
    """Refuse writes from now on, over restarts too."""
    _switch(on=True)


@read_only.command("off")
def switch_off() -> None:
    """Take writes again."""
    _switch(on=False)


def _switch(*, on: bool) -> None:
    from estuary.cli import configured, run

    run(_switched(on=on, settings=configured()))


async def _switched(*, on: bool, settings: EstuarySettings) -> None:
    from estuary.staff import identity
    from services.identity.edge.service import switch_read_only

    async with identity(settings) as session:
        changed = await switch_read_only(session, on=on)
    print(f"writes are {'refused' if on else 'taken'}{'' if changed else ', as before'}")
