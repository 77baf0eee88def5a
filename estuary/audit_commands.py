"""The operator's command for audit logs."""

import typer

audit = typer.Typer(help="What staff did.", no_args_is_help=True)


@audit.callback()
def of_audit_logs() -> None:
    """What staff did."""


@audit.command("verify")
def verify() -> None:
    """Check every audit log, row by row; a line each, exit code 1 if one is not as it was sealed."""
    from estuary.audit import show
    from estuary.cli import configured, run

    raise typer.Exit(0 if run(show(configured())) else 1)
