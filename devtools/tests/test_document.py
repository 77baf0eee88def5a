"""The one document: ids that stay, one form of money, of times and of ids, and codes for every refusal."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from devtools.clients.document import document, operations_in
from devtools.clients.write import OPERATIONS
from shared.auth.permissions import Role, scopes_of

Document = dict[str, Any]
SNAKE_CASE = re.compile(r"[a-z]+(_[a-z]+)+")
LONGEST = 40
MONEY = {"amount", "currency"}
TIME = re.compile(r"(_at|_until)$")
ID = re.compile(r"^id$|_ids?$")
OF_OTHERS = {
    "trace_id": "W3C Trace Context's",
    "client_id": "the client's own, of a message",
    "stripe_account_id": "Stripe's",
    "stripe_transfer_id": "Stripe's",
}
"""Ids that others make."""
OF_STRIPE = "/api/v1/sandbox/stripe/happen/"


@pytest.fixture(scope="session")
def made() -> Document:
    return document()


def operations(made: Document) -> Iterator[tuple[str, Document]]:
    for path, item in made["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def properties(content: Any) -> Iterator[tuple[str, Document]]:
    """Every named property of every schema, and every parameter."""
    if isinstance(content, dict):
        yield from content.get("properties", {}).items() if isinstance(content.get("properties"), dict) else ()
        if "in" in content and "schema" in content:
            yield content["name"], content["schema"]
        for part in content.values():
            yield from properties(part)
    elif isinstance(content, list):
        for part in content:
            yield from properties(part)


def inlined_money(content: Any, at: str = "") -> Iterator[str]:
    """Where a schema says itself what an amount of money looks like."""
    if isinstance(content, dict):
        if "$ref" not in content and set(content.get("properties", ())) == MONEY:
            yield at
        for name, part in content.items():
            yield from inlined_money(part, f"{at}/{name}")
    elif isinstance(content, list):
        for place, part in enumerate(content):
            yield from inlined_money(part, f"{at}/{place}")


def formats(schema: Document) -> set[str | None]:
    """The formats of the text that this may be."""
    parts = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *([schema["items"]] if "items" in schema else ())]
    own = {schema.get("format")} if schema.get("type") == "string" else set()
    return own.union(*(formats(part) for part in parts))


class TestIds:
    def test_are_short_words_joined_by_underscores(self, made: Document):
        ids = [operation["operationId"] for _, operation in operations(made)]
        assert [one for one in ids if not SNAKE_CASE.fullmatch(one) or len(one) > LONGEST] == []

    def test_are_unique(self, made: Document):
        ids = Counter(operation["operationId"] for _, operation in operations(made))
        assert [one for one, times in ids.items() if times > 1] == [], "give the route's function a name of its own"

    def test_stay(self, made: Document):
        """Clients call an operation by its id: a rename breaks them, and shows in this file."""
        assert operations_in(made) == OPERATIONS.read_text(), "an operation is new, renamed or gone: run `make clients`"


class TestForms:
    def test_money_is_one_component(self, made: Document):
        assert list(inlined_money(made)) == ["/components/schemas/Money"]

    def test_every_time_is_a_date_time(self, made: Document):
        wrong = {name for name, schema in properties(made) if TIME.search(name) and formats(schema) - {"date-time"}}
        assert wrong == set()

    def test_every_id_is_a_uuid(self, made: Document):
        others = {**made, "paths": {path: item for path, item in made["paths"].items() if path != OF_STRIPE}}
        of_stripe = set(re.findall(r"schemas/(\w+)", str(made["paths"][OF_STRIPE])))
        schemas = {name: one for name, one in made["components"]["schemas"].items() if name not in of_stripe}
        found = [*properties(others["paths"]), *properties(schemas)]
        wrong = {name for name, schema in found if ID.search(name) and formats(schema) - {"uuid"}}
        assert wrong == OF_OTHERS.keys()


class TestRefusals:
    def test_every_operation_names_its_codes(self, made: Document):
        assert [name for name, operation in operations(made) if "x-codes" not in operation] == []

    def test_and_each_status_its_own(self, made: Document):
        for name, operation in operations(made):
            refusals = {status: said for status, said in operation["responses"].items() if status >= "400"}
            listed = {code for said in refusals.values() for code in said["x-codes"]}
            assert listed - set(operation["x-codes"]) <= set(made["x-codes"]), name
            assert set(operation["x-codes"]) <= listed, name

    def test_what_needs_a_token_may_lack_one(self, made: Document):
        for name, operation in operations(made):
            if {} not in operation["security"]:
                assert {"unauthenticated", "token_expired"} <= set(operation["x-codes"]), name

    def test_the_codes_of_all_operations_are_said_once(self, made: Document):
        assert {"internal_error", "unavailable", "overloaded", "rate_limited", "read_only"} <= set(made["x-codes"])


def test_scopes_are_those_that_roles_have(made: Document):
    named = {
        scope for _, operation in operations(made) for one in operation["security"] for scope in one.get("bearer", ())
    }
    assert named <= scopes_of(frozenset(Role))
