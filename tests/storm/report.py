"""The figures of a run, and where to look when something broke."""

from collections.abc import Iterator
from pathlib import Path

from tests.storm.apart import Outcome

SHOWN = 20


def figures(outcome: Outcome) -> Iterator[str]:
    """A line each, for people."""
    notes, damage = outcome.customers.notes, outcome.damage
    ends = ", ".join(f"{count} {state}" for state, count in outcome.verdict.counts.most_common())
    yield f"seed {outcome.plan.seed}: the same faults in the same order with --seed {outcome.plan.seed}"
    yield f"{notes.checkouts} checkouts in {outcome.lasted:.0f} s: {ends}"
    kills = ", ".join(f"{name} {count}" for name, count in sorted(damage.kills.items()))
    yield f"{sum(damage.kills.values())} kills: {kills}"
    restarts = ", ".join(f"{count} of {what}" for what, count in sorted(damage.restarts.items()))
    yield f"restarts: {restarts}; {outcome.cuts} cut connections; {damage.disturbances} changes of disturbed webhooks"
    slowest = sorted(damage.recovery.items(), key=lambda found: -found[1])[:5]
    yield "longest recovery: " + ", ".join(f"{what} {seconds:.1f} s" for what, seconds in slowest)
    again = ", ".join(f"{why} {count}" for why, count in notes.again.most_common())
    yield f"{len(notes.promises)} answers of 2xx, each asked for again at the end; asked again before: {again}"
    yield f"everything was final {outcome.settled:.1f} s after the last fault (limit {outcome.plan.final:.0f} s)"
    yield from outcome.invariants.strip().splitlines()[-1 if not outcome.broken else 0 :]


def advice(outcome: Outcome, logs: Path, log: Path) -> Iterator[str]:
    """What broke, and what to look at."""
    if not outcome.broken:
        yield "every promise was kept"
        return
    yield f"{len(outcome.broken)} things broke:"
    yield from outcome.broken[:SHOWN]
    if len(outcome.broken) > SHOWN:
        yield f"... and {len(outcome.broken) - SHOWN} more"
    yield f"look for the bookings and traces in {logs}/*.log; kills and new starts are in {log}"
    yield f"the data stay in {logs.parent}: ESTUARY_HOME={logs.parent} estuary invariants"
