"""Many people at once: one slot, overlapping lengths, the last seats of a group."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from tests.journey.people import Person, join, set_scene
from tests.journey.world import Answer, World, instant, stamp


async def fifty_for_one_slot(world: World) -> None:
    """Fifty bookings of one slot at the same moment: one winner, forty-nine refusals."""
    scene = await set_scene(world)
    crowd = await asyncio.gather(*(join(world, "Cem") for _ in range(10)))
    body = {"service_id": scene.service["id"], "start_time": scene.starts[0]}
    answers = await asyncio.gather(*(who.post("/bookings/", body, expect=None) for who in [*crowd] * 5))
    one_winner(answers, 49)
    assert scene.starts[0] not in await scene.practitioner.starts(scene.service, instant(scene.starts[0]).date())
    world.step("fifty booked one slot: one won, forty-nine got slot_taken")


async def overlapping_lengths(world: World) -> None:
    """Services of different lengths share the practitioner's time; back to back is legal, buffers count."""
    scene = await set_scene(world)
    long = await scene.practitioner.offers(minutes=90, slot_interval_minutes=30)
    padded = await scene.practitioner.offers(minutes=60, buffer_before_minutes=30, slot_interval_minutes=30)
    hour = instant(scene.starts[4])
    wishes = [(scene.service, hour), (long, hour - timedelta(minutes=60)), (long, hour + timedelta(minutes=30))]
    crowd = await asyncio.gather(*(join(world, "Cem") for _ in range(6)))
    answers = await asyncio.gather(
        *(
            who.post("/bookings/", {"service_id": service["id"], "start_time": stamp(start)}, expect=None)
            for who, (service, start) in zip(crowd, wishes * 2, strict=True)
        )
    )
    won = [(instant(a["start_time"]), instant(a["end_time"])) for a in answers if a.status == 201]
    for i, (start, end) in enumerate(won):
        assert not [other for other in won[i + 1 :] if other[0] < end and start < other[1]], won
    assert won
    world.step("overlapping lengths at once: no two winners overlap")

    client, free = crowd[0], instant(scene.starts[10])
    await client.book(scene.service, stamp(free))
    await client.book(long, stamp(free + timedelta(minutes=60)))
    await client.book(long, stamp(free - timedelta(minutes=60)), expect=409)
    await client.book(padded, stamp(free + timedelta(minutes=150)), expect=409)
    await client.book(padded, stamp(free + timedelta(minutes=180)))
    offered = await scene.practitioner.starts(padded, free.date())
    assert stamp(free) not in [stamp(instant(start)) for start in offered]
    world.step("back to back is legal; a buffer keeps its distance")


async def last_two_seats(world: World) -> None:
    """A group of fifty with two seats left and ten who want one."""
    scene = await set_scene(world, max_participants=50, price=0)
    start, day = scene.starts[0], instant(scene.starts[0]).date()
    assert (await scene.practitioner.slots(scene.service, day))[0]["available_spots"] == 50
    for guest in await asyncio.gather(*(join(world, "Cem") for _ in range(6))):  # ten free seats are a client's limit
        await asyncio.gather(*(guest.book(scene.service, start) for _ in range(8)))
    assert (await scene.practitioner.slots(scene.service, day))[0]["available_spots"] == 2
    crowd: Sequence[Person] = await asyncio.gather(*(join(world, "Cem") for _ in range(10)))
    body = {"service_id": scene.service["id"], "start_time": start}
    answers = await asyncio.gather(*(who.post("/bookings/", body, expect=None) for who in crowd))
    assert sorted(a.status for a in answers) == [201] * 2 + [409] * 8, Counter(str(a.body)[:200] for a in answers)
    assert {a["code"] for a in answers if a.status == 409} == {"slot_taken"}
    assert start not in await scene.practitioner.starts(scene.service, day)
    world.step("ten wanted the last two of fifty seats: two won")

    winner = next(i for i, answer in enumerate(answers) if answer.status == 201)
    await crowd[winner].post(f"/bookings/{answers[winner]['id']}/cancel/", expect=200)
    assert (await scene.practitioner.slots(scene.service, day))[0]["available_spots"] == 1
    world.step("a cancelled seat is offered again")


def one_winner(answers: Sequence[Answer], losers: int, code: str = "slot_taken") -> None:
    counted = Counter((answer.status, answer.body.get("code")) for answer in answers)
    assert counted == {(201, None): 1, (409, code): losers}, counted
