"""`python -m tests.storm [alone|apart]`: the long storms, one after the other; exit 1 if a promise was broken."""

import argparse
import asyncio
import os
import random
import sys
import time

from tests.instance import Instance, standing
from tests.storm import alone, apart
from tests.storm.cluster import Cluster
from tests.storm.report import advice, figures

ALONE_KILLS, ALONE_CALM = 200, (0.3, 2.0)


def storm_alone(kills: int, seed: int) -> bool:
    """Whether the all-in-one kept its promises."""
    print(f"The all-in-one, killed {kills} times (seed {seed}):", flush=True)
    began = time.monotonic()
    with standing(Instance) as instance:
        broken = asyncio.run(alone.storm(instance, kills, ALONE_CALM, seed))
        print("\n".join(broken) or f"every promise was kept ({time.monotonic() - began:.0f} s)", flush=True)
        if broken:
            instance.keep = True
            print(f"the log is {instance.log}")
    return not broken


def storm_apart(plan: apart.Plan) -> bool:
    """Whether the processes of their own did."""
    print(f"Processes of their own: {plan}", flush=True)
    with standing(Cluster) as cluster:
        outcome = asyncio.run(apart.storm(cluster, plan))
        print("\n".join([*figures(outcome), *advice(outcome, cluster.logs, cluster.log)]), flush=True)
        cluster.keep = bool(outcome.broken)
    return not outcome.broken


def arguments() -> argparse.Namespace:
    """The long form unless told otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("which", nargs="?", choices=["alone", "apart", "both"], default="both")
    parser.add_argument("--alone-kills", type=int, default=ALONE_KILLS, help="of the all-in-one")
    parser.add_argument("--checkouts", type=int, default=apart.Plan.checkouts)
    parser.add_argument("--kills", type=int, default=apart.Plan.kills, help="of processes of their own")
    parser.add_argument("--restarts", type=int, default=apart.Plan.restarts, help="of Kafka, and of Postgres")
    parser.add_argument("--clients", type=int, default=apart.Plan.clients)
    parser.add_argument("--longest", type=float, default=apart.Plan.longest, help="seconds under faults at most")
    parser.add_argument("--final", type=float, default=apart.Plan.final, help="seconds until everything is final")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    return parser.parse_args()


def main() -> int:
    """Exit code 1 if something broke."""
    said = arguments()
    os.environ.setdefault("JOURNEY_PATIENCE", "15")
    names = ("checkouts", "kills", "restarts", "clients", "longest", "final", "seed")
    plan = apart.Plan(**{name: getattr(said, name) for name in names})
    kept = [storm_alone(said.alone_kills, said.seed)] if said.which != "apart" else []
    kept += [storm_apart(plan)] if said.which != "alone" else []
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
