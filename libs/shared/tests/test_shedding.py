"""What is refused first when there is too much to do."""

import asyncio
import gc
import time
import weakref

import pytest

from devtools.testing.servers import until
from shared.errors import Overloaded
from shared.web.edge import Edge
from shared.web.shedding import MOST_ANONYMOUS, Importance, Load, LoadSettings, Waiting, importance_of

LIST = ("GET", "/api/v1/services/")
IN_ORDER = [
    (*LIST, False),
    (*LIST, True),
    ("POST", "/api/v1/bookings/", True),
    ("POST", "/api/v1/webhooks/stripe/", False),
]


def load_of(**env: str) -> Load:
    return Load(LoadSettings.of(env), "toy")


def refused(load: Load) -> list[bool]:
    """Of a request of each class, in their order."""
    return [not is_admitted(load, *asked) for asked in IN_ORDER]


def is_admitted(load: Load, method: str, path: str, signed: bool) -> bool:
    try:
        load.admit(method, path, signed=signed)
    except Overloaded:
        return False
    return True


@pytest.mark.parametrize(
    ("method", "path", "signed", "found"),
    [
        ("GET", "/health/ready", False, None),
        ("GET", "/internal/edge/", True, None),
        ("POST", "/sandbox/stripe/v1/refunds", True, None),
        ("GET", "/api/v1/services/", False, Importance.ANONYMOUS_READ),
        ("HEAD", "/api/v1/services/", False, Importance.ANONYMOUS_READ),
        ("GET", "/api/v1/bookings/", True, Importance.READ),
        ("POST", "/api/v1/bookings/", True, Importance.WRITE),
        ("POST", "/api/v1/auth/login/", False, Importance.WRITE),
        ("POST", "/api/v1/webhooks/stripe", False, Importance.LAST),
        ("POST", "/api/v1/payments/confirm/", True, Importance.LAST),
        ("GET", "/api/v1/payments/history/", True, Importance.LAST),
        ("POST", "/api/v1/bookings/0198/cancel/", True, Importance.LAST),
        ("POST", "/api/v1/sessions/0198/cancel", True, Importance.LAST),
        ("POST", "/api/v1/credits/purchase/", True, Importance.LAST),
    ],
)
def test_the_class_of_a_request(method, path, signed, found):
    assert importance_of(method, path, signed=signed) is found


@pytest.mark.parametrize(("waiting", "how_many"), [(9, 0), (10, 1), (19, 1), (20, 2), (40, 3), (80, 4)])
async def test_the_more_wait_the_more_classes_are_refused(waiting, how_many):
    load = load_of(ESTUARY_SHED_WAITING="10")
    load.waiting = waiting
    assert refused(load) == [number < how_many for number in range(4)]


async def test_who_is_refused_first_comes_back_last():
    load, seconds = load_of(ESTUARY_SHED_WAITING="1"), []
    load.waiting = 8
    for method, path, signed in IN_ORDER:
        with pytest.raises(Overloaded) as refusal:
            load.admit(method, path, signed=signed)
        seconds.append(int(refusal.value.headers["Retry-After"]))
    assert seconds == [5, 4, 3, 2]


def test_one_pause_refuses_nobody_and_a_loop_that_is_late_for_long_does():
    load = load_of()
    for late in (7200, 0, 3, 2, 0):
        load.note(late, seconds=late + 0.1)
    assert load.pressure == 0
    for _ in range(3):
        load.note(late=0.7, seconds=0.8)
    assert 1 < load.pressure < 2
    load.note(late=0.0, seconds=0.1)
    assert load.pressure > 1  # not at once: otherwise it would be late again
    for _ in range(30):
        load.note(late=0.0, seconds=0.1)
    assert load.pressure < 0.1


async def test_it_notices_by_itself_that_its_loop_is_late():
    load = load_of(ESTUARY_SHED_LATE_SECONDS="0.05")
    assert is_admitted(load, *LIST, False)
    for _ in range(6):
        time.sleep(0.2)  # noqa: ASYNC251  the loop stands still, which is the point
        await asyncio.sleep(0)
    assert load.pressure > 1
    assert not is_admitted(load, *LIST, False)
    await until(lambda: is_admitted(load, *LIST, False))


async def test_its_looks_end_with_it():
    load = load_of()
    assert is_admitted(load, *LIST, False)
    gone = weakref.ref(load)
    del load
    gc.collect()
    assert gone() is None


class TestService:
    """One request waits in a service that refuses from the first on."""

    @pytest.fixture
    def load(self):
        return load_of(ESTUARY_SHED_WAITING="1")

    @pytest.fixture
    def held(self):
        return asyncio.Event()

    @pytest.fixture
    def client(self, client_for, load, held):
        async def app(scope, receive, send):
            if scope["path"] == "/api/v1/slow/":
                await held.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})

        return client_for(Edge(app, "toy", load))

    async def test_anonymous_reads_are_refused_while_it_waits(self, client, load, held):
        slow = asyncio.create_task(client.get("/api/v1/slow/"))
        await until(lambda: load.waiting == 1)
        answer = await client.get("/api/v1/services/")
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "overloaded", "5")
        signed = await client.get("/api/v1/services/", headers={"authorization": "Bearer any"})
        assert [signed.status_code, (await client.get("/health/live")).status_code] == [200, 200]
        held.set()
        assert (await slow).status_code == 200
        assert (load.waiting, (await client.get("/api/v1/services/")).status_code) == (0, 200)

    async def test_what_fails_or_is_left_waits_no_longer(self, client, load):
        slow = asyncio.create_task(client.get("/api/v1/slow/"))
        await until(lambda: load.waiting == 1)
        slow.cancel()
        await until(lambda: load.waiting == 0)


class TestTurns:
    """A few anonymous reads are worked on at once, and no other request waits behind those that wait."""

    @pytest.fixture
    def load(self):
        return load_of()

    async def test_others_pass_the_anonymous_reads_that_wait(self, client_for, load):
        began, ends = list[str](), asyncio.Event()

        async def app(scope, receive, send):
            began.append(scope["path"])
            await ends.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})

        client = client_for(Edge(app, "toy", load))
        lists = [asyncio.create_task(client.get("/api/v1/services/")) for _ in range(MOST_ANONYMOUS + 2)]
        await until(lambda: load.waiting == MOST_ANONYMOUS + 2)
        assert began == ["/api/v1/services/"] * MOST_ANONYMOUS
        signed = {"authorization": "Bearer any"}
        others = [client.get("/api/v1/bookings/", headers=signed), client.post("/api/v1/webhooks/stripe/")]
        passed = [asyncio.create_task(other) for other in others]
        await until(lambda: len(began) == MOST_ANONYMOUS + 2)
        assert {"/api/v1/bookings/", "/api/v1/webhooks/stripe/"} < set(began)
        lists.pop().cancel()
        ends.set()
        assert {answer.status_code for answer in await asyncio.gather(*lists, *passed)} == {200}
        assert began.count("/api/v1/services/") == MOST_ANONYMOUS + 1
        assert load.turns._value == MOST_ANONYMOUS

    async def test_who_is_slow_to_read_an_answer_keeps_no_turn(self, client_for, load):
        read = asyncio.Event()

        async def app(scope, receive, send):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            if scope["path"] == "/api/v1/slow/":
                await read.wait()
            await send({"type": "http.response.body", "body": b"{}"})

        client = client_for(Edge(app, "toy", load))
        slow = [asyncio.create_task(client.get("/api/v1/slow/")) for _ in range(MOST_ANONYMOUS)]
        assert (await client.get("/api/v1/services/")).status_code == 200
        read.set()
        assert {answer.status_code for answer in await asyncio.gather(*slow)} == {200}


def test_a_request_counts_once():
    load = load_of()
    one = Waiting(load)
    for act, counted in ((one.end, 0), (one.begin, 1), (one.begin, 1), (one.end, 0), (one.end, 0)):
        act()
        assert load.waiting == counted
