"""The operator's commands for mails."""

from typing import Annotated

import typer

mails = typer.Typer(help="Mails that are not sent yet, or were given up.", no_args_is_help=True)


@mails.command("list")
def list_unsent(failed: Annotated[bool, typer.Option("--failed", help="Those that were given up")] = False) -> None:
    """Print the hundred oldest mails that wait, and why."""
    from estuary.cli import configured, run
    from estuary.mails import show

    run(show(configured(), failed))


@mails.command("retry")
def retry_failed() -> None:
    """Try the mails again that were given up."""
    from estuary.cli import configured, run
    from estuary.mails import retry

    run(retry(configured()))
