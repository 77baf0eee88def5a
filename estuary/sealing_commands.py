"""The operator's commands for what identity seals at rest."""

import os
from typing import Annotated

import typer

from shared.settings import SettingsError

identity = typer.Typer(help="What identity seals at rest.", no_args_is_help=True)


@identity.command("rotate")
def rotate(
    to: Annotated[
        str | None, typer.Option(help="`kms` or `keys`: move there, with IDENTITY_KEYS and IDENTITY_KMS both given")
    ] = None,
) -> None:
    """Wrap identity's data keys anew, under the first of IDENTITY_KEYS, or by KMS; processes may run beside."""
    from estuary import sealing
    from estuary.cli import configured, run

    if to not in (None, *sealing.Target):
        raise SettingsError(f"--to: {to} is neither kms nor keys")
    run(sealing.rotate(configured(), os.environ, "identity", None if to is None else sealing.Target(to)))


@identity.command("verify")
def verify() -> None:
    """Open everything that identity has sealed; exit code 1 if anything does not open."""
    from estuary import sealing
    from estuary.cli import configured, run

    if run(sealing.verify(configured(), os.environ, "identity")):
        raise typer.Exit(1)
