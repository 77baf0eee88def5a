"""Of a union the branch that was meant is reported, once."""

from typing import Annotated, Any, Literal

import pytest
from fastapi import APIRouter, FastAPI
from pydantic import Field, StringConstraints

from devtools.testing.callers import headers_for
from shared.records.money import Price
from shared.web.app import build
from shared.web.http import Body, Route, Text, UtcTime


class Wish(Body):
    """A union beside a plain field."""

    credits: Literal["max"] | Price | None = None
    seats: tuple[int, ...] = ()


class Label(Body):
    """Values with validators of our own."""

    name: Annotated[Text, StringConstraints(min_length=1, max_length=20)]
    at: UtcTime | None = None


class Sent(Body):
    """By mail."""

    way: Literal["mail"]
    price: Price


class Fetched(Body):
    """In person."""

    way: Literal["pick up"]


Delivery = Annotated[Sent | Fetched, Field(discriminator="way")]
USD = {"currency": "USD"}


def _app(runtime: Any) -> FastAPI:
    router = APIRouter(prefix="/api/v1", route_class=Route)

    @router.post("/wishes/")
    async def wish(body: Wish) -> Wish:
        return body

    @router.post("/deliveries/")
    async def deliver(body: Delivery) -> Delivery:
        return body

    @router.post("/labels/")
    async def label(body: Label) -> Label:
        return body

    return build(runtime, title="Wishes", routers=[router])


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"amount": -1} | USD, [("credits.amount", "greater_than_equal")]),
        ({"amount": 100_000_000} | USD, [("credits.amount", "less_than_equal")]),
        ({"amount": "5"} | USD, [("credits.amount", "int_type")]),
        ({"amount": 5}, [("credits.currency", "missing")]),
        ({"amount": 5, "tip": 1} | USD, [("credits.tip", "extra_forbidden")]),
        ({}, [("credits.amount", "missing"), ("credits.currency", "missing")]),
        ("most", [("credits", "literal_error")]),
        (5, [("credits", "dict_type")]),
    ],
)
async def test_the_branch_that_was_meant(toy: FastAPI, client_for, sent: Any, named: list[tuple[str, str]]) -> None:
    client = client_for(_app(toy.state.runtime))
    answer = await client.post("/api/v1/wishes/", json={"credits": sent}, headers=headers_for())
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == named
    assert answer.json()["errors_total"] == len(named)


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"way": "mail"}, [("price", "missing")]),
        ({"way": "mail", "price": {"amount": "5"} | USD}, [("price.amount", "int_type")]),
        ({"way": "mail", "price": {"amount": 5}}, [("price.currency", "missing")]),
        ({"way": "pick up", "price": 5}, [("price", "extra_forbidden")]),
        ({"way": "drone"}, [("way", "enum")]),
        ({"way": None}, [("way", "enum")]),
        ({}, [("way", "missing")]),
        ([], [("", "model_attributes_type")]),
    ],
)
async def test_the_name_of_a_branch_is_no_field(
    toy: FastAPI, client_for, sent: Any, named: list[tuple[str, str]]
) -> None:
    client = client_for(_app(toy.state.runtime))
    answer = await client.post("/api/v1/deliveries/", json=sent, headers=headers_for())
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == named


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({"json": {"name": ""}}, "name", "String should have at least 1 character"),
        ({"json": {"name": "x" * 21}}, "name", "String should have at most 20 characters"),
        ({"json": {"name": "a", "at": "soon"}}, "at", "Write a time by RFC 3339: 2026-12-01T09:30:00Z"),
        ({"json": []}, "", "Send a JSON object"),
        ({}, "", "Send a JSON object"),
        ({"content": b"{name", "headers": {"Content-Type": "application/json"}}, "", "This is not JSON: "),
    ],
)
async def test_messages_are_for_who_sent_the_request(
    toy: FastAPI, client_for, sent: dict[str, Any], field: str, message: str
) -> None:
    headers = headers_for() | sent.pop("headers", {})
    answer = await client_for(_app(toy.state.runtime)).post("/api/v1/labels/", headers=headers, **sent)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, field)
    assert error["message"].startswith(message)


async def test_twenty_errors_are_listed_and_all_are_counted(toy: FastAPI, client_for) -> None:
    client = client_for(_app(toy.state.runtime))
    answer = await client.post("/api/v1/wishes/", json={"credits": 5, "seats": ["x"] * 30}, headers=headers_for())
    assert (len(answer.json()["errors"]), answer.json()["errors_total"]) == (20, 31)


async def test_of_a_hundred_thousand_unknown_fields_twenty_are_listed_and_all_counted(toy: FastAPI, client_for) -> None:
    body = {"credits": "max", "seats": ["x"]} | {f"k{number}": 1 for number in range(50_000)}
    answer = await client_for(_app(toy.state.runtime)).post("/api/v1/wishes/", json=body, headers=headers_for())
    problem = answer.json()
    assert (answer.status_code, problem["errors_total"], len(problem["errors"])) == (422, 50_001, 20)
    assert [error["field"] for error in problem["errors"][:3]] == ["seats.0", "k0", "k1"]
    assert {error["code"] for error in problem["errors"][1:]} == {"extra_forbidden"}
