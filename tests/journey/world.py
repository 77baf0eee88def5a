"""The outside world: a base URL, HTTP, time, mail, and Stripe's side."""

import asyncio
import itertools
import os
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urljoin

import aiohttp

API = "/api/v1"
STAFF = ("staff@estuary.example", "estuary-demo")
SUPERUSER = ("superuser@estuary.example", "estuary-demo")
OVERLOADED_TIMES = 30
PROBLEM = {"type", "title", "status", "detail", "code", "trace_id", "errors"}
Json = Any
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `body` is decoded JSON, or text when it was something else."""

    status: int
    body: Json
    headers: Mapping[str, str]

    def __getitem__(self, key: str) -> Json:
        return self.body[key]


def usd(amount: int) -> dict[str, Json]:
    """Money in US cents."""
    return {"amount": amount, "currency": "USD"}


def instant(text: str) -> datetime:
    """An RFC 3339 time of the interface; every one of them is in UTC."""
    moment = datetime.fromisoformat(text)
    assert moment.utcoffset() == timedelta(0), f"{text} is not in UTC"
    return moment


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def eventually(check: Callable[[], Awaitable[T]], within: float = 2.0) -> T:
    """Repeats `check` until it raises no AssertionError; the last one is raised after `within` seconds.

    JOURNEY_PATIENCE multiplies them, where the machine has much else to do.
    """
    end = time.monotonic() + within * float(os.environ.get("JOURNEY_PATIENCE", "1"))
    while True:
        try:
            return await check()
        except AssertionError:
            if time.monotonic() > end:
                raise
        await asyncio.sleep(0.05)


def is_overloaded(answer: Answer) -> bool:
    """Whether nothing was done, and the client is asked to come again."""
    return answer.status == 503 and isinstance(answer.body, dict) and answer.body.get("code") == "overloaded"


def check_problem(answer: Answer) -> None:
    """Every refusal is a problem document with all of its seven members."""
    assert answer.headers.get("Content-Type", "").startswith("application/problem+json"), (
        f"{answer.status} is no problem document: {answer.headers.get('Content-Type')} {answer.body!r:.300}"
    )
    assert set(answer.body) >= PROBLEM, f"the problem lacks {PROBLEM - set(answer.body)}: {answer.body}"
    assert answer.body["status"] == answer.status
    for error in answer.body["errors"]:
        assert set(error) == {"field", "message", "code"}, error


@dataclass
class World:
    """One running instance seen from outside. `quiet` keeps the steps to itself."""

    base: str
    http: aiohttp.ClientSession
    quiet: bool = False
    staff: str = ""
    started: float = field(default_factory=time.monotonic)
    numbers: itertools.count = field(default_factory=itertools.count)  # type: ignore[type-arg]  # it takes no parameter at run time

    def step(self, text: str) -> None:
        """Prints that something was seen to be true."""
        if not self.quiet:
            print(f"  {time.monotonic() - self.started:7.2f}s  {text}", flush=True)

    async def call(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        expect: int | tuple[int, ...] | None = (200, 201, 204),
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Answer:
        """One request; `path` is below /api/v1, or below the root with "//"; `expect` None allows all but 5xx.

        Like any good client it comes again later where there was too much to do.
        """
        url = self.base + (path[1:] if path.startswith("//") else API + path)
        sent = {**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        payload = {"json": body} if body is not None else {}
        answer = await self._answer(method, url, headers=sent, **payload, **options)
        for _ in range(OVERLOADED_TIMES):
            if not is_overloaded(answer):
                break
            await asyncio.sleep(int(answer.headers["Retry-After"]) + random.random())
            answer = await self._answer(method, url, headers=sent, **payload, **options)
        said = f"{method} {path} {body!r:.300} -> {answer.status} {answer.body!r:.600}"
        assert answer.status < 500, said
        wanted = (expect,) if isinstance(expect, int) else expect
        assert wanted is None or answer.status in wanted, f"{said} (expected {expect})"
        if answer.status >= 400:
            check_problem(answer)
        return answer

    async def _answer(self, method: str, url: str, **options: Any) -> Answer:
        async with self.http.request(method, url, allow_redirects=False, **options) as got:
            json = "json" in got.headers.get("Content-Type", "")
            return Answer(got.status, await got.json(content_type=None) if json else await got.text(), got.headers)

    def unique(self, word: str) -> str:
        """`word` with something that no other run has used."""
        return f"{word}-{next(self.numbers)}-{uuid.uuid4().hex[:10]}"

    async def staff_token(self) -> str:
        if not self.staff:
            email, password = STAFF
            answer = await self.call("POST", "/auth/login/", {"email": email, "password": password}, expect=200)
            self.staff = str(answer["access_token"])
        return self.staff

    # Time. It is one for all, and only moves forward.

    async def now(self) -> datetime:
        return await self.advance(timedelta(0))

    async def advance(self, by: timedelta) -> datetime:
        """Moves business time and gives a second for every process to follow."""
        seconds = max(0, int(by.total_seconds()))
        token = await self.staff_token()
        answer = await self.call("POST", "/sandbox/clock/", {"advance": f"PT{seconds}S"}, token=token, expect=200)
        await asyncio.sleep(1 if seconds else 0)
        return instant(answer["now"])

    async def advance_to(self, moment: datetime) -> datetime:
        return await self.advance(moment - await self.now() + timedelta(seconds=1))

    async def day(self, ahead: int) -> date:
        """The UTC date `ahead` days from now."""
        return (await self.now()).date() + timedelta(days=ahead)

    # Mail.

    async def mails(self, to: str, about: str = "") -> list[Json]:
        """The mails to an address whose subject or text mentions `about`, newest first."""
        box = await self.call("GET", "//sandbox/mail/", headers={"Accept": "application/json"}, expect=200)
        assert isinstance(box.body, list), f"mail is not a list: {box.body!r:.300}"
        return [mail for mail in box.body if to in mail["to"] and about in mail["subject"] + mail["text"]]

    # Stripe's side.

    async def stripe(self, method: str, path: str, form: Json = None, account: str | None = None) -> Json:
        """What Stripe's API would say to the owner of the secret key."""
        headers = {"Authorization": "Bearer sk_test_estuary", **({"Stripe-Account": account} if account else {})}
        url = f"{self.base}/sandbox/stripe/v1{path}"
        async with self.http.request(method, url, headers=headers, data=form) as got:
            body = await got.json(content_type=None)
            assert got.status < 500, f"Stripe's side: {method} {path} -> {got.status} {body!r:.300}"
            return body

    async def intent(self, payment: Json) -> Json:
        return await self.stripe("GET", f"/payment_intents/{intent_id(payment)}")

    async def refunds_at_stripe(self, payment: Json) -> list[Json]:
        body = await self.stripe("GET", f"/refunds?payment_intent={intent_id(payment)}")
        return list(body["data"])

    async def webhooks(self, delay: float = 0, copies: int = 1, shuffle: bool = False) -> None:
        """Faults of Stripe's webhooks; without arguments there are none."""
        body = {"delay_seconds": delay, "copies": copies, "shuffle": shuffle}
        await self.call("POST", "/sandbox/stripe/webhooks/", body, token=await self.staff_token())

    async def visit(self, url: str) -> None:
        """Opens a page as a person's browser would, without following it to a front end."""
        async with self.http.get(urljoin(self.base, url), allow_redirects=False) as got:
            assert got.status in (200, 302, 303, 307), f"{url} -> {got.status} {await got.text()!r:.300}"


def intent_id(payment: Json) -> str:
    """The PaymentIntent behind a client secret `pi_..._secret_...`."""
    return str(payment["client_secret"]).split("_secret_")[0]
