"""One object of each kind, with two sides and strangers, made as people make them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from uuid import UUID

import httpx2
from sqlalchemy import text

from devtools.testing.bodies import SERVICE
from devtools.testing.callers import KEY
from devtools.testing.delivery import run_jobs
from shared.auth.token_signing import Proof, sign_access_token
from shared.records.clock import machine_now
from shared.records.ids import new_id
from tests.authorisation.access import PEOPLE, ROLES
from tests.authorisation.bodies import GIVEN, HOURS, NAMED_HOURS, PASSWORD, PLAN, POLL, POST, PROFILE, STREAM
from tests.authorisation.calls import CONFIRMED, Calls, Json

LEAVING = {"deactivated": "deactivate", "suspended": "suspend"}
"""Whose accounts are closed, and by which act of staff."""


@dataclass
class Market(Calls):
    """What there is to call for, by name in `objects`."""

    async def open(self) -> None:
        """Makes all people and objects, in the order in which they come about."""
        for name in (*PEOPLE, *LEAVING, "spare", "third"):
            await self._join(name)
        await self._employ("staff")
        for name in ("superuser", "spare"):  # two, so that none of them is the last
            await self._employ(name, superuser=True)
        self.objects |= GIVEN | {"service": SERVICE}
        self.objects |= {"registration": self._registration, "credentials": self._credentials, "new_id": new_id_text}
        self.objects |= {"new_session_id": str(new_id()), "no_id": "none"}
        self.objects |= {"page": "verify-email", "provider": "facebook"}
        for name in ("practitioner", "other_practitioner", "third"):
            await self._practise(name)
        await self._apply("other_client", "pending_id")
        await self._sell()
        await self._earn()
        await self._invite()
        await self._talk()
        await self._write()
        await self._leave()

    async def _join(self, name: str) -> None:
        pair = await self.ask("anonymous", "identity", "POST", "/api/v1/auth/register/", self._registration(name))
        user_id, session_id = UUID(pair["user"]["id"]), new_id()
        self.objects |= {f"{name}_user_id": str(user_id), f"{name}_refresh_token": pair["refresh_token"]}
        self._issue(name, user_id, session_id)
        if name in LEAVING:
            self.tokens[name] = pair["access_token"]

    async def _employ(self, name: str, *, superuser: bool = False) -> None:
        employed = text("update identity.users set is_staff = true, is_superuser = :superuser where id = :id")
        async with self.runtime("identity").db.autocommit() as session:
            given = {"superuser": superuser, "id": UUID(self.objects[f"{name}_user_id"])}
            await session.execute(employed, given)

    def _issue(self, name: str, user_id: UUID, session_id: UUID, practitioner_id: UUID | None = None) -> None:
        roles = ROLES.get(name, ("user", "practitioner") if practitioner_id else ("user",))
        self.tokens[name] = sign_access_token(
            KEY,
            user_id=user_id,
            roles=roles,
            practitioner_id=practitioner_id,
            session_id=session_id,
            now=machine_now(),
            lifetime=timedelta(hours=1),
            proof=Proof(machine_now(), fresh_seconds=3600),
        )

    async def _leave(self) -> None:
        """Two accounts are closed; every process reads that from identity, as where the hint on the bus is lost."""
        for name, act in LEAVING.items():
            path = f"/api/v1/admin/users/{self.objects[f'{name}_user_id']}/{act}/"
            await self.ask("staff", "identity", "POST", path, {"reason": "Fraud."}, **CONFIRMED)
        for app in self.apps.values():
            await app.state.runtime.verifier.refresh()

    def _registration(self, name: str = "") -> Json:
        email = f"{name or new_id()}@example.com"
        return {"email": email, "password": PASSWORD, "first_name": "Ada", "last_name": "Byron"}

    def _credentials(self) -> Json:
        return {"email": "client@example.com", "password": PASSWORD}

    async def _apply(self, name: str, kept_as: str) -> str:
        applied = await self.ask(name, "catalog", "POST", "/api/v1/practitioners/apply/", PROFILE)
        self.objects[kept_as] = str(applied["id"])
        return str(applied["id"])

    async def _practise(self, name: str) -> None:
        kept_as = "practitioner_id" if name == "practitioner" else f"{name}_id"
        found = await self._apply(name, kept_as)
        path = f"/api/v1/admin/practitioners/{found}/verification/"
        await self.ask("staff", "catalog", "POST", path, {"decision": "approve"})
        await self.publish()
        self._issue(name, UUID(self.objects[f"{name}_user_id"]), new_id(), UUID(found))
        await self.ask(name, "booking", "POST", f"/api/v1/practitioners/{found}/schedule/", HOURS)

    async def _sell(self) -> None:
        workshop = SERVICE | {"service_type": "workshop"}
        for kept_as, body in (("service_id", SERVICE), ("withdrawn_id", SERVICE), ("workshop_id", workshop)):
            made = await self.ask("practitioner", "catalog", "POST", "/api/v1/services/", body)
            self.objects[kept_as] = made["id"]
        await self.ask("practitioner", "catalog", "DELETE", f"/api/v1/services/{self.objects['withdrawn_id']}/")
        items = [{"service_ids": [self.objects["service_id"]], "quantity": 3}]
        self.objects["package"] = {"title": "Three times", "items": items}
        self.objects["bundle"] = self.objects["package"] | {"total_price": SERVICE["price"]}
        for kind, prefix in product(("package", "bundle"), ("", "withdrawn_")):
            made = await self.ask("practitioner", "catalog", "POST", f"/api/v1/{kind}s/", self.objects[kind])
            self.objects[f"{prefix}{kind}_id"] = made["id"]
        for kept_as in ("pass_id", "returned_id"):
            body = {"package_id": self.objects["package_id"]}
            bought = await self.ask("client", "booking", "POST", "/api/v1/passes/", body)
            await self._pay(bought["payment"]["order_id"])
            self.objects[kept_as] = bought["id"]
        await self.publish()

    async def _earn(self) -> None:
        """One booking that took place and was earned, a payout of it, and one booking that is to come."""
        self.objects["completed_id"] = (await self._book(self._start(2)))["id"]
        self.clock.advance(timedelta(days=4))
        for name in ("booking", "payments"):
            await run_jobs(self.apps[name])
            await self.publish()
            self.clock.advance(timedelta(days=1))
        await run_jobs(self.apps["payments"])
        for name in ("practitioner", "other_practitioner"):
            await self._onboard(name)
        payout = await self.ask("practitioner", "payments", "POST", "/api/v1/practitioner/payouts/request/", {})
        booking = await self._book(self._start(3))
        self.objects["spare_booking_id"] = (await self._book(self._start(6)))["id"]
        self.objects |= {"payout_id": payout["id"], "booking_id": booking["id"], "session_id": booking["session_id"]}
        self.objects["check_in_code"] = booking["check_in_code"]
        self.objects |= {"order_id": booking["payment"]["order_id"], "closed_order_id": str(new_id())}
        self.objects |= {"later": self._start(4), "order": self._order, "plan": self._plan}
        plan = await self.ask("staff", "payments", "POST", "/api/v1/admin/plans/", self._plan())
        terms = {"plan_id": plan["id"], "interval": "month"}
        made = await self.ask("practitioner", "payments", "POST", "/api/v1/subscriptions/", terms)
        self.objects |= {"plan_id": plan["id"], "subscription": terms, "subscription_id": made["id"]}
        self.objects["booking"] = {"service_id": "{service_id}", "start_time": self._start(5)}
        await self._buy_credits()
        self.objects["method_id"] = await self._card("pm_card_visa")

    async def _invite(self) -> None:
        """Seats are held for the client: one to take, one to turn down, and one that stays offered."""
        path = f"/api/v1/services/{self.objects['service_id']}/invites/"
        for name, days in (("entry_id", 10), ("left_entry_id", 11), ("kept_entry_id", 12)):
            body = {"client_id": self.objects["client_user_id"], "start_time": self._start(days), "valid_hours": 168}
            self.objects[name] = str((await self.ask("practitioner", "booking", "POST", path, body))["id"])
        self.objects |= {"free_start": self._start(13), "invited_start": self._start(12)}

    def _start(self, days: int) -> str:
        return (self.clock.now() + timedelta(days=days)).replace(hour=10, minute=0).isoformat()

    def _order(self) -> Json:
        ids = {name: str(new_id()) for name in ("booking_id", "service_id")}
        return ids | {
            "client_id": self.objects["client_user_id"],
            "practitioner_id": self.objects["practitioner_id"],
            "title": "Morning yoga",
            "total": {"amount": 5000, "currency": "USD"},
            "expires_at": (self.clock.now() + timedelta(minutes=15)).isoformat(),
        }

    def _plan(self) -> Json:
        return PLAN | {"code": str(new_id())}

    async def _book(self, start: str) -> Json:
        body = {"service_id": self.objects["service_id"], "start_time": start}
        booked = await self.ask("client", "booking", "POST", "/api/v1/bookings/", body)
        await self._pay(booked["payment"]["order_id"])
        return booked

    async def _pay(self, order_id: str) -> None:
        body = {"order_id": order_id, "payment_method": "pm_card_visa"}
        paid = await self.ask("client", "payments", "POST", "/api/v1/payments/confirm/", body)
        assert paid["status"] == "succeeded", paid
        await self.publish()

    async def _buy_credits(self) -> None:
        body = {"amount": {"amount": 1000, "currency": "USD"}}
        await self._pay((await self.ask("client", "payments", "POST", "/api/v1/credits/purchase/", body))["order_id"])

    async def _card(self, payment_method: str = "pm_card_mastercard") -> str:
        body = {"payment_method": payment_method}
        made = await self.ask("client", "payments", "POST", "/api/v1/payments/methods/", body)
        return str(made["method"]["id"])

    async def _onboard(self, name: str) -> None:
        account = await self.ask(name, "payments", "POST", "/api/v1/practitioner/payouts/account/", {})
        async with httpx2.AsyncClient() as browser:
            assert (await browser.get(account["onboarding_url"])).status_code < 400
        await self.ask(name, "payments", "GET", "/api/v1/practitioner/payouts/account/")

    async def _talk(self) -> None:
        path, others = "/api/v1/conversations/", [self.objects["practitioner_user_id"]]
        talk = await self.ask("client", "messaging", "POST", path, {"participant_ids": others})
        quiet = await self.ask("third", "messaging", "POST", path, {"participant_ids": others})
        own = f"{path}{talk['id']}/"
        message = await self.ask("client", "messaging", "POST", f"{own}messages/", {"body": "Hello."})
        report = await self.ask("client", "messaging", "POST", f"{own}reports/", {"reason": "Unkind."})
        self.objects |= {"conversation_id": talk["id"], "unreported_id": quiet["id"]}
        self.objects |= {"message_id": message["id"], "report_id": report["id"]}
        listed = await self.ask("client", "notifications", "GET", "/api/v1/notifications/")
        self.objects["notification_id"] = listed["results"][0]["id"]

    async def _write(self) -> None:
        self.objects["stream_id"] = await self._stream()
        posts = f"/api/v1/streams/{self.objects['stream_id']}/posts/"
        poll = await self.ask("practitioner", "streams", "POST", posts, POLL)
        self.objects |= {"post_id": poll["id"], "option_id": poll["poll"]["options"][0]["id"]}
        self.objects["draft_id"] = await self._draft()
        self.objects["schedule_id"] = await self._schedule()
        self.objects |= {"resource_id": await self._resource(), "location_id": await self._location()}

    # ---- what an operation uses up

    async def renew(self, name: str) -> None:
        """Makes that object anew."""
        self.objects[name] = await FRESH[name](self)

    async def _user(self) -> str:
        pair = await self.ask("anonymous", "identity", "POST", "/api/v1/auth/register/", self._registration())
        return str(pair["user"]["id"])

    async def _refresh_token(self) -> str:
        pair = await self.ask("anonymous", "identity", "POST", "/api/v1/auth/register/", self._registration())
        return str(pair["refresh_token"])

    async def _stream(self) -> str:
        return str((await self.ask("practitioner", "streams", "POST", "/api/v1/streams/", STREAM))["id"])

    async def _draft(self) -> str:
        path = f"/api/v1/streams/{self.objects['stream_id']}/posts/"
        return str((await self.ask("practitioner", "streams", "POST", path, POST | {"status": "draft"}))["id"])

    async def _schedule(self) -> str:
        path = f"/api/v1/practitioners/{self.objects['practitioner_id']}/schedules/"
        return str((await self.ask("practitioner", "booking", "POST", path, NAMED_HOURS))["id"])

    async def _date(self) -> str:
        path = f"/api/v1/services/{self.objects['workshop_id']}/schedule/"
        number = (await self.ask("anonymous", "booking", "GET", path))["total"]
        body = {"dates": [{"start_time": self._start(500 + number)}]}
        return str((await self.ask("practitioner", "booking", "POST", path, body))["results"][0]["id"])

    async def _time_off(self) -> str:
        path = f"/api/v1/practitioners/{self.objects['practitioner_id']}/time-off/"
        body = {"start_time": self._start(400), "end_time": self._start(401)}
        return str((await self.ask("practitioner", "booking", "POST", path, body))["id"])

    async def _location(self) -> str:
        path = f"/api/v1/practitioners/{self.objects['practitioner_id']}/locations/"
        return str((await self.ask("practitioner", "catalog", "POST", path, GIVEN["location"]))["id"])

    async def _resource(self) -> str:
        return str((await self.ask("practitioner", "booking", "POST", "/api/v1/resources/", GIVEN["resource"]))["id"])

    async def _comment(self) -> str:
        path = f"/api/v1/streams/{self.objects['stream_id']}/comments/"
        return str((await self.ask("client", "streams", "POST", path, {"body": "Lovely."}))["id"])

    async def _post_comment(self) -> str:
        path = f"/api/v1/posts/{self.objects['post_id']}/comments/"
        return str((await self.ask("client", "streams", "POST", path, {"body": "Lovely."}))["id"])


FRESH: dict[str, Callable[[Market], Awaitable[str]]] = {
    "user_id": Market._user,
    "new_refresh_token": Market._refresh_token,
    "spare_method_id": Market._card,
    "spare_stream_id": Market._stream,
    "spare_post_id": Market._draft,
    "spare_schedule_id": Market._schedule,
    "time_off_id": Market._time_off,
    "date_id": Market._date,
    "spare_resource_id": Market._resource,
    "spare_location_id": Market._location,
    "comment_id": Market._comment,
    "post_comment_id": Market._post_comment,
}


def new_id_text() -> str:
    """An id that nothing has."""
    return str(new_id())
