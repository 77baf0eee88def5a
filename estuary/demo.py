"""`estuary demo`: the main job step by step, with the time that each step took and where the money is."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import aiohttp

from estuary.demo_client import DemoClient, money, usd
from estuary.seed import CLIENT, PASSWORD, PRACTITIONER, STAFF
from estuary.settings import EstuarySettings, free_port
from shared.settings import SettingsError

CONFIRM = {"X-Confirm-Action": "true"}


async def demo(settings: EstuarySettings, url: str) -> None:
    """Runs at that address, at this machine's running instance, or at a fresh one."""
    address = url or settings.address
    if await _answers(address):
        await Walkthrough(address).run()
    elif url:
        raise SettingsError(f"nothing answers at {url}")
    else:
        async with _fresh_instance() as fresh:
            await Walkthrough(fresh).run()


async def _answers(url: str) -> bool:
    try:
        async with aiohttp.ClientSession() as http, http.get(f"{url}/health/ready") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


@asynccontextmanager
async def _fresh_instance() -> AsyncIterator[str]:
    """An instance of its own, on a free port, in a folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="estuary-demo-") as home:
        port = free_port()
        print(f"Nothing runs here: starting a fresh instance in {home}")
        env = {**os.environ, "ESTUARY_HOME": home, "ESTUARY_PORT": str(port), "ESTUARY_LOG_LEVEL": "WARNING"}
        command = [sys.executable, "-m", "estuary.cli", "up"]
        process = await asyncio.create_subprocess_exec(*command, env=env, stdout=asyncio.subprocess.DEVNULL)
        try:
            await _until(lambda: _answers(f"http://127.0.0.1:{port}"), 120)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            await process.wait()


async def _until(check: Callable[[], Awaitable[Any]], seconds: float) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := await check()):  # noqa: ASYNC110 (looks from outside, where no event can be heard)
            await asyncio.sleep(0.05)
    return found


class Walkthrough(DemoClient):
    """One client, one practitioner, one member of staff, and the money between them."""

    async def run(self) -> None:
        """From the first sign-in to the bank."""
        async with aiohttp.ClientSession() as self.http:
            for email in (STAFF, PRACTITIONER, CLIENT):
                await self._sign_in(email)
            service = await self._discover()
            await self._buy_credits()
            slot = await self._slot(service)
            booking = await self._book(service, slot)
            await self._pay(booking)
            await self._talk(booking)
            await self._time_passes(booking)
            await self._earn(booking)
            await self._pay_out()
            await self._stripes_side()
            await self._stream()
        print("\nThat was the whole way: time, money, and everyone was notified.")

    async def _sign_in(self, email: str) -> None:
        body = {"email": email, "password": PASSWORD}
        answer = await self._call("POST", "/auth/login/", None, body)
        self.tokens[email] = answer["access_token"]

    async def _discover(self) -> Any:
        with self._step("Casey looks for yoga"):
            found = await self._call("GET", "/services/?search=one-to-one&price_min=1", CLIENT)
            service = found["results"][0]
            self._say(f"{service['title']}: {money(service['price'])} for {service['duration_minutes']} minutes")
        return service

    async def _buy_credits(self) -> None:
        with self._step("buys credits for $50, by card"):
            order = await self._call("POST", "/credits/purchase/", CLIENT, {"amount": usd(5000)})
            await self._confirm(order["order_id"])
            await _until(self._has_credits, 5)
        await self._where_the_money_is()

    async def _has_credits(self) -> bool:
        return bool((await self._call("GET", "/credits/balance/", CLIENT))["balance"]["amount"])

    async def _slot(self, service: Any) -> Any:
        now = await self._now()
        first = date.fromisoformat(now[:10]) + timedelta(days=3)
        with self._step("asks when Paula has time"):
            query = f"service_id={service['id']}&from={first}&to={first + timedelta(days=14)}"
            path = f"/practitioners/{service['practitioner_id']}/availability/?{query}"
            slots = (await self._call("GET", path, CLIENT))["results"]
            self._say(f"{len(slots)} free hours in two weeks; the first is {slots[0]['start_time']}")
        return slots[0]

    async def _book(self, service: Any, slot: Any) -> Any:
        with self._step("books it, with all the credits and the rest by card"):
            body = {"service_id": service["id"], "start_time": slot["start_time"], "credits": "max"}
            booking = await self._call("POST", "/bookings/", CLIENT, body)
            self._say(f"{booking['status']}: {money(booking['credits_applied'])} from credits, ", end="")
            print(f"{money(booking['amount_due'])} due; held until {booking['payment']['expires_at']}")
        return booking

    async def _pay(self, booking: Any) -> None:
        with self._step("pays with a card that is declined, then with one that works"):
            order_id = booking["payment"]["order_id"]
            declined = await self._confirm(order_id, "pm_card_chargeDeclined")
            self._say(f"{declined['status']}: {declined['error']['message']}")
            paid = await self._confirm(order_id)
            await _until(lambda: self._is(booking, "confirmed"), 5)
            self._say(f"payment {paid['status']}, booking confirmed; both sides have a mail and a notice")
        await self._where_the_money_is()

    async def _talk(self, booking: Any) -> None:
        with self._step("Casey writes to Paula about it; Paula, who is away, is notified and answers"):
            about = (await _until(lambda: self._about(booking), 5))[0]
            path = f"/conversations/{about['id']}"
            asked = await self._call("POST", f"{path}/messages/", CLIENT, {"body": "Do I need a mat?"})
            await _until(lambda: self._knows_of(about), 5)
            await self._call("POST", f"{path}/read/", PRACTITIONER, {"up_to": asked["id"]})
            await self._call("POST", f"{path}/messages/", PRACTITIONER, {"body": "A towel will do."})
            about = (await self._about(booking))[0]
            self._say(f"{about['subject']}: {about['last_message']['body']!r}, unread: {about['unread_count']}")

    async def _about(self, booking: Any) -> Any:
        """The conversation that the booking opened, in a list; an empty one before."""
        return (await self._call("GET", f"/conversations/?booking_id={booking['id']}", CLIENT))["results"]

    async def _knows_of(self, conversation: Any) -> bool:
        notices = (await self._call("GET", "/notifications/", PRACTITIONER))["results"]
        return any(notice["data"].get("conversation_id") == conversation["id"] for notice in notices)

    async def _time_passes(self, booking: Any) -> None:
        with self._step("the clock moves on to the end of the session"):
            days = date.fromisoformat(booking["start_time"][:10]) - date.fromisoformat((await self._now())[:10])
            await self._advance(f"P{days.days + 1}D")
            await _until(lambda: self._complete(booking), 10)
            self._say("Paula marks it completed")

    async def _complete(self, booking: Any) -> bool:
        done = await self._call("POST", f"/bookings/{booking['id']}/complete/", PRACTITIONER)
        return bool(done["status"] == "completed")

    async def _earn(self, booking: Any) -> None:
        with self._step("a day later the earning is free to be paid out"):
            await self._advance("PT25H")
            await _until(self._available, 10)
            earnings = (await self._call("GET", "/practitioner/earnings/", PRACTITIONER))["results"]
            mine = next(earning for earning in earnings if earning["booking_id"] == booking["id"])
            self._say(f"{money(mine['gross_amount'])} less {float(mine['commission_rate']):.0%} = ", end="")
            print(money(mine["net_amount"]))
        await self._where_the_money_is()

    async def _available(self) -> bool:
        summary = await self._call("GET", "/practitioner/earnings/summary/", PRACTITIONER)
        return bool(summary["available"]["amount"] >= 5000)

    async def _pay_out(self) -> None:
        with self._step("Paula opens her payout account and asks for the money; staff approve"):
            account = await self._call("POST", "/practitioner/payouts/account/", PRACTITIONER, {})
            if not account["payouts_enabled"]:
                assert self.http is not None
                (await self.http.get(account["onboarding_url"])).raise_for_status()
            key = {"Idempotency-Key": uuid4().hex}
            payout = await self._call("POST", "/practitioner/payouts/request/", PRACTITIONER, {}, key)
            path = f"/admin/payouts/{payout['id']}/approve/"
            approved = await self._call("POST", path, STAFF, {}, CONFIRM)
            await _until(lambda: self._payout_is(payout["id"], "paid"), 10)
            self._say(f"{money(payout['amount'])} went as {approved['stripe_transfer_id']}, then to the bank: paid")
        await self._where_the_money_is()

    async def _payout_is(self, payout_id: str, status: str) -> bool:
        payout = await self._call("GET", f"/practitioner/payouts/{payout_id}/", PRACTITIONER)
        return bool(payout["status"] == status)

    async def _stripes_side(self) -> None:
        with self._step("what Stripe has seen"):
            transfers = await self._stripe("/v1/transfers?limit=3")
            for transfer in transfers["data"][:1]:
                self._say(f"transfer {transfer['id']}: {transfer['amount'] / 100:.2f} to {transfer['destination']}")

    async def _where_the_money_is(self) -> None:
        credits = await self._call("GET", "/credits/balance/", CLIENT)
        summary = await self._call("GET", "/practitioner/earnings/summary/", PRACTITIONER)
        seller = ", ".join(f"{name} {money(summary[name])}" for name in ("pending", "available", "in_payout", "paid"))
        self._say(f"money: Casey's credits {money(credits['balance'])} | Paula {seller}")

    async def _stream(self) -> None:
        with self._step("Casey follows Paula's stream, and sees what is for whom"):
            stream = (await self._call("GET", "/streams/?search=breath", CLIENT))["results"][0]
            await self._call("POST", f"/streams/{stream['id']}/subscribe/", CLIENT, {"tier_level": 0})
            path = f"/streams/{stream['id']}/posts/"
            posts = (await self._call("GET", path, CLIENT))["results"]
            for post in posts:
                self._say(f"for {post['required_tier']['name']}: " if post["locked"] else "open: ", end="")
                print(post["title"])
        with self._step("Paula publishes; Casey is notified, and comments"):
            body = {"body": "Begin anywhere.", "post_type": "text", "tier_level": 0, "status": "published"}
            post = await self._call("POST", path, PRACTITIONER, {"title": "Of small beginnings", **body})
            await _until(lambda: self._has_notice(CLIENT, post), 5)
            await self._call("POST", f"/posts/{post['id']}/comments/", CLIENT, {"body": "I did, thank you."})
            await _until(lambda: self._has_notice(PRACTITIONER, post), 5)
            self._say("each found a notice about the other; no notice and no mail holds what the post says")

    async def _has_notice(self, who: str, post: Any) -> bool:
        notices = (await self._call("GET", "/notifications/", who))["results"]
        return any(notice["data"].get("post_id") == post["id"] for notice in notices)
