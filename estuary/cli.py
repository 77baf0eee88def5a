"""The operator's command line. Each command imports what it runs: no process carries another one's code."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from typing import Annotated, Any

import typer
import uvloop

from estuary import audit_commands, mail_commands, read_only_commands, sealing_commands
from estuary.run.terminal import say
from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from shared.observability import logs, telemetry
from shared.records.kms import KmsUnavailable
from shared.settings import SettingsError

app = typer.Typer(
    help="Estuary: a marketplace's backend.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
dead_letters = typer.Typer(help="Events that a consumer could not handle.", no_args_is_help=True)
staff = typer.Typer(help="Staff accounts.", no_args_is_help=True)
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(mail_commands.mails, name="mails")
app.add_typer(staff, name="staff")
app.add_typer(sealing_commands.identity, name="identity")
app.add_typer(audit_commands.audit, name="audit")
app.add_typer(read_only_commands.read_only, name="read-only")


def main() -> None:
    """The entry point: a bad setting is one line and exit code 2."""
    strip_environment()
    try:
        app()
    except SettingsError as error:
        sys.exit(f"estuary: {error}")
    except KmsUnavailable as error:
        sys.exit(f"estuary: {error.line}")
    finally:
        telemetry.close()


def strip_environment() -> None:
    """Takes blanks and line breaks off the ends of every variable: a secret that is read from a file ends in one."""
    for name, value in os.environ.items():
        if value != value.strip():
            os.environ[name] = value.strip()


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Runs it on the loop of every process."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def configured() -> EstuarySettings:
    """The settings of this process, whose log and traces they set up."""
    found = EstuarySettings.of(os.environ)
    logs.configure(found.log_level, readable=sys.stderr.isatty())
    telemetry.configure(os.environ)
    return found


def _safe(*parts: str, listens: bool = True) -> EstuarySettings:
    """The settings of a process that runs these services; raises SettingsError with a line for each unsafe one."""
    from estuary.checklist.check import demand_safe

    settings = configured()
    demand_safe(settings, os.environ, *parts, listens=listens)
    return settings


@app.command("up")
def up_() -> None:
    """Run everything in one process, until Ctrl-C."""
    from estuary.run.up import up

    run(up(_safe(*SERVICES, "gateway"), os.environ))


@app.command("check")
def check_() -> None:
    """Name each unsafe setting; exit code 1 if there is any. With real settings nothing starts until there is none."""
    from estuary.checklist.report import report

    if run(report(configured(), os.environ)):
        raise typer.Exit(1)


@app.command()
def migrate(schema: Annotated[list[str] | None, typer.Argument(help="All schemas unless named")] = None) -> None:
    """Bring schemas to their newest version."""
    from estuary.run.postgres import migrate_all, open_database, schemas

    settings = _safe(listens=False)
    names = schema or list(schemas(settings))

    async def work() -> None:
        async with open_database(settings, say, names) as url:
            await migrate_all(url, names, say)
            say("at their newest version: " + ", ".join(names))

    run(work())


@app.command("await-schema")
def await_schema_(schema: str) -> None:
    """Wait until a schema is at this release's version."""
    from estuary.run.process import await_schema

    _safe(listens=False)
    run(await_schema(os.environ, schema))


@app.command()
def topics() -> None:
    """Create the topics that are missing, and give all of them their settings."""
    from shared.messaging.kafka.security import KafkaSecurity
    from shared.messaging.kafka.topics import TopicSettings
    from shared.messaging.kafka.topics import create as create_topics

    _safe(listens=False)
    security = KafkaSecurity.of(os.environ).options
    run(create_topics(TopicSettings.of(os.environ), [f"estuary.{name}" for name in SERVICES], say, security))


@app.command()
def serve(service: str) -> None:
    """Run the HTTP of one service."""
    from estuary.run import process

    run(process.serve(_safe(_known(service)), os.environ, service))


@app.command()
def work(service: str) -> None:
    """Run the relay, consumers and jobs of one service."""
    from estuary.run import process

    run(process.work(_safe(_known(service)), os.environ, service))


@app.command()
def gateway() -> None:
    """Run the gateway."""
    from estuary.run import gateway_process

    run(gateway_process.gateway(_safe("gateway"), os.environ))


@app.command()
def sandbox() -> None:
    """Run the sandbox for Stripe and mail, and the movable clock."""
    from estuary.run import sandbox_process

    settings = _safe()
    if not settings.stand_ins:
        raise SettingsError("STRIPE_SECRET_KEY: with a real key there is no sandbox")
    run(sandbox_process.sandbox(settings, os.environ))


def _known(service: str) -> str:
    if service not in SERVICES:
        raise SettingsError(f"there is no service {service}; there are {', '.join(SERVICES)}")
    return service


@app.command("service-keys")
def service_keys_(
    names: Annotated[list[str] | None, typer.Argument(help="Every service and the gateway unless named")] = None,
) -> None:
    """Print a fresh key for each service, and the setting with their public halves, which every process is given."""
    from estuary.run import service_keys

    print("\n".join(service_keys.fresh(names or [*SERVICES, "gateway"])))


@app.command("invariants")
def invariants_() -> None:
    """Check every invariant; prints a line each, exit code 1 if any is violated."""
    from estuary.invariants.check import check

    raise typer.Exit(1 if run(check(configured())) else 0)


@app.command("waiting")
def waiting_() -> None:
    """Print the work that failed and is tried again: what, when, and why."""
    from estuary import waiting

    run(waiting.show(configured()))


@app.command()
def demo(url: Annotated[str, typer.Option(help="A running instance; a fresh one is started without it")] = "") -> None:
    """Do the main job step by step, with the time that each step takes and where the money is."""
    from estuary.demo import demo as run_demo

    run(run_demo(configured(), url))


@app.command()
def contracts(
    breaking: Annotated[bool, typer.Option(help="Write although a promise to partners is broken")] = False,
) -> None:
    """Write docs/events anew from the events; refuses what would break partners, exit code 1."""
    from estuary.contracts import files as contract_files

    try:
        changed = contract_files.write(even_breaking=breaking)
    except contract_files.ContractBroken as error:
        print(error)
        raise typer.Exit(1) from None
    print("\n".join(changed) or "docs/events says what the events say")


@app.command()
def privacy() -> None:
    """Write the tables of docs/privacy.md anew from the services' registers."""
    from estuary.privacy_page import write

    print("written" if write() else "docs/privacy.md says what the registers say")


@dead_letters.command("list")
def list_dead_letters() -> None:
    """Print every dead letter, oldest first."""
    from estuary.dead_letters import show

    run(show(configured()))


@dead_letters.command("replay")
def replay_dead_letters(
    consumer: Annotated[str, typer.Argument(help="A service, or `all`")],
    key: Annotated[str | None, typer.Option(help="Only the events of this aggregate")] = None,
) -> None:
    """Ask the consumer to handle its dead letters again, in their order."""
    from estuary.dead_letters import replay

    run(replay(configured(), consumer, key))


@staff.command("create")
def staff_create(
    email: str,
    password: Annotated[str, typer.Option(help="Asked for unless given")] = "",
    superuser: Annotated[bool, typer.Option(help="The first one is, while there is none")] = False,
    promote: Annotated[bool, typer.Option(help="An account that exists, with an address its owner has proven")] = False,
) -> None:
    """Make an account of staff."""
    from estuary import staff as office

    settings = configured()
    if promote:
        run(office.promote(settings, email, superuser))
        return
    if not password:
        run(office.demand_free(settings, os.environ, email))
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    run(office.create(settings, os.environ, email, password, superuser))


@staff.command("list")
def staff_list() -> None:
    """Print every account of staff, support and marketing among them."""
    from estuary import staff as office

    run(office.show(configured()))


@staff.command("revoke")
def staff_revoke(email: str) -> None:
    """Take all roles of staff from an account; its sessions end within seconds."""
    from estuary import staff as office

    run(office.revoke(configured(), email))


if __name__ == "__main__":
    main()
