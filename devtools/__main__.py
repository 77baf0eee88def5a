"""The developer's command line: `python -m devtools kafka`, `cluster`, `manifests`, `clients`, `stripe-schema`."""

import os
import sys
from pathlib import Path

import typer

from devtools.clients.python import GeneratorFailed
from devtools.clients.write import write as write_clients
from devtools.cluster.cluster import cluster as run_cluster
from devtools.kafka.run import run as run_kafka
from devtools.service_manifests import write as write_manifests
from devtools.stripe.cut import write as write_stripe_schema
from estuary.checklist.check import demand_safe
from estuary.cli import configured, run
from estuary.contracts.readers import reads
from estuary.services import SERVICES
from shared.settings import SettingsError

ROOT = Path(__file__).parents[1]

app = typer.Typer(help="Tools for developers of Estuary.", no_args_is_help=True, add_completion=False)


@app.command()
def kafka() -> None:
    """Run a real Kafka on this machine, until Ctrl-C."""
    run(run_kafka(configured(), os.environ))


@app.command()
def cluster() -> None:
    """Run one process per service and kind on this machine, with a real Kafka (REPLICAS=2, or booking=2,...)."""
    found = configured()
    demand_safe(found, os.environ, *SERVICES, "gateway")
    run(run_cluster(found, os.environ))


@app.command()
def manifests(service: str) -> None:
    """Write the manifests of a new service for compose, Kubernetes and Kafka; it stands in estuary/services.py."""
    if service not in SERVICES:
        raise SettingsError(f"{service}: first add it to SERVICES in estuary/services.py")
    print("\n".join(write_manifests(ROOT, service, reads(service))))


@app.command()
def clients() -> None:
    """Write the document and the clients in clients/ anew; any warning of a generator is a failure."""
    try:
        for written in write_clients():
            print(written)
    except GeneratorFailed as error:
        sys.exit(f"devtools: {error}")


@app.command()
def stripe_schema(spec: Path) -> None:
    """Cut Stripe's OpenAPI document anew; SPEC is embedded/openapi/spec3.json of the stripe-mock that is in use."""
    print(write_stripe_schema(spec))


def main() -> None:
    """The entry point: a bad setting is one line and exit code 1."""
    try:
        app()
    except SettingsError as error:
        sys.exit(f"devtools: {error}")


if __name__ == "__main__":
    main()
