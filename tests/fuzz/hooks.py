"""What Schemathesis needs to know of Estuary: who calls, what our formats mean, what a refusal may say.

It runs in Schemathesis' own process, which `python -m tests.fuzz` starts.
"""

import os
import time
from typing import Any
from zoneinfo import available_timezones

import httpx2
import schemathesis
from hypothesis import strategies as st

API = os.environ["FUZZ_URL"] + "/api/v1"
CALLER = {"email": os.environ.get("FUZZ_EMAIL", ""), "password": os.environ.get("FUZZ_PASSWORD", "")}
ENDING = {"end_session", "erase_account", "set_roles", "sign_out", "suspend_account"}
"""After these a session may be over."""
APART = {"change_password", "confirm_totp", "deactivate_own_account", "request_erasure", "step_up"}
"""These are called by somebody who has just registered: the account is gone or shut out afterwards."""
FRESH_SECONDS = 200
"""An older token is no proof of late (`IDENTITY_STEP_UP_SECONDS`)."""
MISSING_HEADER = {"confirmation_required", "idempotency_key_required"}
BEYOND_FORM = {
    "int_type": "1.0 is whole to JSON Schema, and no number of cents",
    "invisible_text": "nothing visible is left without the spaces",
    "not_available": "what cannot be sold yet",
    "redirect_not_allowed": "an address that the settings do not name",
    "scope_not_allowed": "the scopes that an account may give",
    "too_short_a_series": "a series has no date or two at least",
    "unknown_category": "the categories of the install",
    "unknown_location": "the locations of one's own",
    "unknown_resource": "the resources of one's own",
    "unknown_schedule": "the named schedules of one's own",
    "unknown_service": "the services of one's own",
}
"""Codes of fields that are about more than the document can say."""
ACROSS_FIELDS = {
    "accept_invitation": "who is signed in sends the token alone",
    "change_location": "a virtual one has no address",
    "change_oauth_client": "the grants say which addresses are needed",
    "change_plan": "each interval has one price, and a paid one is at least the least charge",
    "change_schedule": "the windows of one day do not overlap",
    "confirm_payment": "one of two fields names the card",
    "create_location": "a virtual one has no address, and others have one",
    "create_oauth_client": "the grants say which addresses are needed",
    "create_plan": "each interval has one price, and a paid one is at least the least charge",
    "create_schedule": "the windows of one day do not overlap",
    "decide_consent": "a scope names one of three",
    "export_audit": "the services are those of the install",
    "finish_sign_in": "`method` says which of two fields is needed",
    "register_account": "a consent's scope names one of three",
    "replace_practitioner_schedule": "the windows of one day do not overlap",
    "replace_service_schedule": "the windows of one day do not overlap",
    "resolve_social_sign_in": "one of three fields is given",
    "search_audit": "the services are those of the install",
    "set_stripe_call_faults": "the error is needed unless `times` is 0",
    "step_up": "`method` says which of three fields is needed",
    "take_time_off": "it ends after its start",
}
"""Rules over several fields, which are said in the description: the refusal names the field."""


@schemathesis.auth(refresh_interval=None, retry_on=[])
class SignIn:
    """A token while it is good for everything."""

    token, made_at, last = "", 0.0, ""

    def get(self, case: Any, context: Any) -> str | None:
        """A token for this call; none where everybody is anonymous."""
        if not CALLER["email"]:
            return None
        operation = context.operation.definition.raw["operationId"]
        if operation in APART:
            return registered()
        if self.last in ENDING or time.monotonic() - self.made_at > FRESH_SECONDS:
            self.token, self.made_at = signed_in(), time.monotonic()
        self.last = operation
        return self.token

    def set(self, case: Any, data: str | None, context: Any) -> None:
        """Sends it along."""
        if data:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


def signed_in() -> str:
    """A new token of the caller."""
    answer = httpx2.post(f"{API}/auth/login/", json=CALLER, timeout=30).raise_for_status()
    return str(answer.json()["access_token"])


def registered() -> str:
    """The token of a new account."""
    body = {"email": f"{time.time_ns()}@fuzz.example", "password": "seven quiet rivers 41"}
    body |= {"first_name": "Ada", "last_name": "Rivers"}
    answer = httpx2.post(f"{API}/auth/register/", json=body, timeout=30).raise_for_status()
    return str(answer.json()["access_token"])


@schemathesis.check
def refusal_is_named(ctx: Any, response: Any, case: Any) -> None:
    """The status and the code of every answer are in the document."""
    operation, status = case.operation.definition.raw, response.status_code
    if case.method.lower() != case.operation.method.lower():
        return
    if status < 400:
        assert str(status) in operation["responses"], f"{status} is not in the document"
        return
    named = {*operation["x-codes"], *case.operation.schema.raw_schema["x-codes"]}
    code = response.json()["code"]
    assert code in named, f"{status} `{code}` is not in the document"


@schemathesis.check
def valid_is_accepted(ctx: Any, response: Any, case: Any) -> None:
    """What fits the document is not refused for its form."""
    positive = case.meta is not None and case.meta.generation.mode.is_positive
    if not positive or response.status_code not in {413, 415, 422, 428}:
        return
    problem = response.json()
    fields = {error["code"] for error in problem["errors"]} - BEYOND_FORM.keys()
    refused = problem["code"] in MISSING_HEADER or (problem["code"] == "invalid" and bool(fields))
    name = case.operation.definition.raw["operationId"]
    assert not refused or name in ACROSS_FIELDS, f"valid data were refused: {fields or problem['code']}"


VISIBLE = st.text(st.characters(categories=["L", "N"]) | st.sampled_from("-_.'"), min_size=1, max_size=30)
SPACED = st.lists(VISIBLE, min_size=1, max_size=8)

schemathesis.openapi.format("line", SPACED.map(" ".join))
schemathesis.openapi.format("lines", SPACED.map("\n".join))
schemathesis.openapi.format("name", st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=40))
schemathesis.openapi.format("timezone", st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})))
schemathesis.openapi.format("phone", st.integers(10**9, 10**12).map(lambda number: f"+{number}"))
schemathesis.openapi.format("language", st.sampled_from(["en", "de", "pt-BR", "zh-Hant-TW"]))
schemathesis.openapi.format("email", st.uuids().map(lambda key: f"{key.hex}@fuzz.example"))
