"""The operator's command line. Each command imports what it runs: no process carries another one's code."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from typing import Annotated, Any

import typer
import uvloop

from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from estuary.terminal import say
from shared.observability import logs, telemetry
from shared.settings import SettingsError

app = typer.Typer(
    help="Estuary: the backend of a marketplace.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
letters = typer.Typer(help="Events that a consumer could not digest.", no_args_is_help=True)
mails = typer.Typer(help="Mails that are not sent yet, or were given up.", no_args_is_help=True)
staff = typer.Typer(help="Staff accounts.", no_args_is_help=True)
app.add_typer(letters, name="dead-letters")
app.add_typer(mails, name="mails")
app.add_typer(staff, name="staff")


def main() -> None:
    """The entry point: a bad setting is one line and exit code 2."""
    try:
        app()
    except SettingsError as error:
        sys.exit(f"estuary: {error}")
    finally:
        telemetry.close()


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def _settings() -> EstuarySettings:
    settings = EstuarySettings.of(os.environ)
    logs.configure(settings.log_level, readable=sys.stderr.isatty())
    telemetry.configure(os.environ)
    return settings


def _safe(*parts: str, listens: bool = True) -> EstuarySettings:
    """The settings of a process that runs these services; raises SettingsError with a line for each unsafe one."""
    from estuary.check import demand_safe

    settings = _settings()
    demand_safe(settings, os.environ, *parts, listens=listens)
    return settings


@app.command("up")
def up_() -> None:
    """Run everything in one process, until Ctrl-C."""
    from estuary.up import up

    _run(up(_safe(*SERVICES), os.environ))


@app.command("check")
def check_() -> None:
    """Name each unsafe setting; exit code 1 if there is any. With real settings nothing starts until there is none."""
    from estuary.check_report import report

    if _run(report(_settings(), os.environ)):
        raise typer.Exit(1)


@app.command()
def migrate(schema: Annotated[list[str] | None, typer.Argument(help="All schemas unless named")] = None) -> None:
    """Bring schemas to their newest version."""
    from estuary.database import migrate_all, open_database, schemas

    settings = _safe(listens=False)
    names = schema or list(schemas(settings))

    async def work() -> None:
        async with open_database(settings, say, names) as url:
            await migrate_all(url, names, say)
            say("at their newest version: " + ", ".join(names))

    _run(work())


@app.command("await-schema")
def await_schema_(schema: str) -> None:
    """Wait until a schema is at this release's version."""
    from estuary.processes import await_schema

    _safe(listens=False)
    _run(await_schema(os.environ, schema))


@app.command()
def topics() -> None:
    """Create the topics that are missing, and give all of them their settings."""
    from shared.messaging.kafka.security import KafkaSecurity
    from shared.messaging.kafka.topics import TopicSettings
    from shared.messaging.kafka.topics import create as create_topics

    _safe(listens=False)
    security = KafkaSecurity.of(os.environ).options
    _run(create_topics(TopicSettings.of(os.environ), [f"estuary.{name}" for name in SERVICES], say, security))


@app.command()
def serve(service: str) -> None:
    """Run the HTTP of one service."""
    from estuary import processes

    _run(processes.serve(_safe(_known(service)), os.environ, service))


@app.command()
def work(service: str) -> None:
    """Run the relay, consumers and jobs of one service."""
    from estuary import processes

    _run(processes.work(_safe(_known(service)), os.environ, service))


@app.command()
def gateway() -> None:
    """Run the public edge."""
    from estuary import edge

    _run(edge.gateway(_safe(), os.environ))


@app.command()
def sandbox() -> None:
    """Run the sandbox for Stripe and mail, and the movable clock."""
    from estuary import stand_ins

    settings = _safe()
    if not settings.stand_ins:
        raise SettingsError("STRIPE_SECRET_KEY: with a real key there is no sandbox")
    _run(stand_ins.sandbox(settings, os.environ))


@app.command()
def kafka() -> None:
    """Run a real Kafka on this machine, until Ctrl-C."""
    from estuary import kafka as here

    _run(here.run(_settings(), os.environ))


@app.command()
def cluster() -> None:
    """Run one process per service and kind on this machine, with a real Kafka (REPLICAS=2, or booking=2,...)."""
    from estuary.cluster import cluster as run_cluster

    _run(run_cluster(_safe(*SERVICES), os.environ))


def _known(service: str) -> str:
    if service not in SERVICES:
        raise SettingsError(f"there is no service {service}; there are {', '.join(SERVICES)}")
    return service


@app.command("service-keys")
def service_keys_(
    names: Annotated[list[str] | None, typer.Argument(help="Every service and the gateway unless named")] = None,
) -> None:
    """Print a fresh key for each service, and the setting with their public halves, which every process is given."""
    from estuary import service_keys

    print("\n".join(service_keys.fresh(names or [*SERVICES, "gateway"])))


@app.command("invariants")
def invariants_() -> None:
    """Check every invariant; prints a line each, exit code 1 if any is violated."""
    from estuary import invariants

    settings = _settings()
    violations = _run(invariants.check(settings))
    raise typer.Exit(1 if violations else 0)


@app.command()
def demo(url: Annotated[str, typer.Option(help="A running instance; a fresh one is started without it")] = "") -> None:
    """Tell the whole story, step by step, with what each step cost and where the money stands."""
    from estuary.demo import demo as tell_the_story

    _run(tell_the_story(_settings(), url))


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


@letters.command("list")
def letters_list() -> None:
    """Print every parked event, oldest first."""
    from estuary import dead_letters

    _run(dead_letters.show(_settings()))


@letters.command("replay")
def letters_replay(
    consumer: Annotated[str, typer.Argument(help="A service, or `all`")],
    key: Annotated[str | None, typer.Option(help="Only the events of this aggregate")] = None,
) -> None:
    """Ask the consumer to handle its parked events again, in their order."""
    from estuary import dead_letters

    _run(dead_letters.replay(_settings(), consumer, key))


@mails.command("list")
def mails_list(
    failed: Annotated[bool, typer.Option("--failed", help="Those that were given up")] = False,
) -> None:
    """Print the hundred oldest mails that wait, and why."""
    from estuary import mails as office

    _run(office.show(_settings(), failed))


@mails.command("retry")
def mails_retry() -> None:
    """Try the mails again that were given up."""
    from estuary import mails as office

    _run(office.retry(_settings()))


@staff.command("create")
def staff_create(
    email: str,
    password: Annotated[str, typer.Option(help="Asked for unless given")] = "",
    superuser: Annotated[bool, typer.Option(help="The first one is, while there is none")] = False,
    promote: Annotated[bool, typer.Option(help="An account that exists, with an address its owner has proven")] = False,
) -> None:
    """Make an account of staff."""
    from estuary import staff as office

    settings = _settings()
    if promote:
        _run(office.promote(settings, os.environ, email, superuser))
        return
    if not password:
        _run(office.demand_free(settings, os.environ, email))
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    _run(office.create(settings, os.environ, email, password, superuser))


@staff.command("list")
def staff_list() -> None:
    """Print every account of staff that is in use."""
    from estuary import staff as office

    _run(office.show(_settings(), os.environ))


@staff.command("revoke")
def staff_revoke(email: str) -> None:
    """Take the role from an account; its sessions end within seconds."""
    from estuary import staff as office

    _run(office.revoke(_settings(), os.environ, email))


if __name__ == "__main__":
    main()
