"""The storm over processes of their own, with a real Kafka and Postgres: everything goes wrong while people shop."""

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp

from tests.journey.people import join, practise
from tests.journey.world import World
from tests.storm.cluster import Cluster
from tests.storm.customers import NO_ANSWER, Customers, OpenService
from tests.storm.faults import Damage, FaultInjector
from tests.storm.proxy import Proxy
from tests.storm.verdict import Judge, Verdict

HOLDS_ARE_OVER = timedelta(minutes=16)


@dataclass(frozen=True)
class Plan:
    """How hard, how long: seconds, but for the counts. `final` counts from the last fault."""

    checkouts: int = 2000
    kills: int = 100
    restarts: int = 5
    clients: int = 12
    calm: tuple[float, float] = (1.5, 5.0)
    longest: float = 2400
    final: float = 60
    seed: int = field(default_factory=lambda: random.randrange(1_000_000))


@dataclass
class Outcome:
    """Everything that the run has to say."""

    plan: Plan
    customers: Customers
    damage: Damage
    cuts: int
    lasted: float
    settled: float
    verdict: Verdict
    broken: list[str]
    invariants: str


async def storm(cluster: Cluster, plan: Plan) -> Outcome:
    """The whole of it: people shop while everything goes wrong; then what became of each checkout."""
    began = time.monotonic()
    timeout = aiohttp.ClientTimeout(total=30)
    async with (
        Proxy([cluster.url], random.Random(plan.seed)) as proxy,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as http,
    ):
        world = World(proxy.url, http)
        customers = await prepare_customers(world, plan, random.Random(plan.seed))
        faults = FaultInjector(cluster, world, proxy, plan.seed)
        await run_plan(faults, customers, plan)
        judge = Judge(customers)
        lasted, last = time.monotonic() - began, faults.damage.last_at
        await let_holds_expire(world, last + plan.final)
        verdict = await judge.final(last + plan.final)
        settled = time.monotonic() - last
        code, invariants = await asyncio.to_thread(cluster.invariants)
        broken = [*verdict.broken, *customers.notes.unanswered, *await judge.repeated()]
        broken += [*faults.damage.fallen, *shortfalls(customers, faults.damage, plan)]
        if settled > plan.final:
            broken.append(f"the last checkout was final {settled:.0f} s after the last fault, not within {plan.final}")
        if code:
            broken.append("an invariant is violated, see above")
    return Outcome(plan, customers, faults.damage, proxy.cuts, lasted, settled, verdict, broken, invariants)


async def prepare_customers(world: World, plan: Plan, chance: random.Random) -> Customers:
    """Practitioners with enough starts, people who want them; some starts are wanted by several."""
    offers: list[OpenService] = []
    while len(offers) < plan.checkouts * 2:
        practitioner = await practise(world)
        service = await practitioner.offers(minutes=15)
        slots = await practitioner.slots(service, await world.day(7), 21)
        offers += [OpenService(service["id"], slot["start_time"]) for slot in slots]
    chance.shuffle(offers)
    people = [await join(world) for _ in range(plan.clients)]
    return Customers(world, people, offers[: plan.checkouts * 2], chance)


async def run_plan(faults: FaultInjector, customers: Customers, plan: Plan) -> None:
    """Until the plan is fulfilled and everything stands again, or its time is over."""
    shopping = asyncio.create_task(customers.shop())
    disturbing = asyncio.create_task(faults.disturb())
    reporting = asyncio.create_task(report_progress(faults, customers))
    with suppress(TimeoutError):
        async with asyncio.timeout(plan.longest):
            await faults.inject(plan.kills, plan.restarts, plan.calm)
            while customers.notes.checkouts < plan.checkouts:
                await faults.inject(1, 0, plan.calm)  # no checkout of the plan passes without faults
    disturbing.cancel()
    customers.leave.set()
    await asyncio.gather(faults.recover(), shopping)
    reporting.cancel()
    with suppress(AssertionError, *NO_ANSWER):
        await faults.world.webhooks()


async def report_progress(faults: FaultInjector, customers: Customers) -> None:
    """A line every quarter of a minute."""
    while True:
        await asyncio.sleep(15)
        done, notes = faults.damage, customers.notes
        restarts = sum(done.restarts.values())
        print(f"  {notes.checkouts} checkouts, {sum(done.kills.values())} kills, {restarts} restarts", flush=True)


async def let_holds_expire(world: World, deadline: float) -> None:
    """Moves business time past every hold."""
    while True:
        try:
            await world.advance(HOLDS_ARE_OVER)
            return
        except (AssertionError, *NO_ANSWER):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.5)


def shortfalls(customers: Customers, damage: Damage, plan: Plan) -> Iterator[str]:
    """What the run did not reach within its time."""
    reached = {
        "checkouts": (customers.notes.checkouts, plan.checkouts),
        "kills": (sum(damage.kills.values()), plan.kills),
        "restarts of Kafka": (damage.restarts["Kafka"], plan.restarts),
        "restarts of Postgres": (damage.restarts["Postgres"], plan.restarts),
    }
    for what, (done, wanted) in reached.items():
        if done < wanted:
            yield f"only {done} of {wanted} {what} in {plan.longest:.0f} s"
