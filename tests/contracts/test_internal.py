"""Under /internal the answering service and its callers use the operations of `shared.internal`, and nothing else."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

import shared.internal
from devtools.testing.answers import a_user
from devtools.testing.callers import service_tokens
from devtools.testing.fixtures import STARTS_AT, runtime_on
from estuary.sandbox.app import create_app as create_sandbox
from estuary.services import SERVICES, create_app
from shared.errors import NotFound, Unavailable
from shared.internal import audit, privacy
from shared.internal.identity import USER
from shared.internal.payments import OPEN_ORDER, PREVIEW_REFUND, REFUND_ORDER
from shared.internal.subscriptions import PUT_TIER_SUBSCRIPTION
from shared.peers import Endpoint, Peers
from shared.records.clock import FixedClock
from shared.records.ids import new_id
from shared.web.codes import codes_of

ANSWERING = (*SERVICES, "sandbox")
PASSED_ON = [
    ("booking", "create_booking", OPEN_ORDER),
    ("booking", "preview_cancellation", PREVIEW_REFUND),
    ("booking", "refund_booking", REFUND_ORDER),
    ("payments", "transfer_credits", USER),
    ("streams", "subscribe_to_stream", PUT_TIER_SUBSCRIPTION),
]
"""Which operation answers a person with the refusal of which internal one."""


def operations() -> Iterator[Endpoint[Any]]:
    for module in pkgutil.iter_modules(shared.internal.__path__):
        found = vars(import_module(f"shared.internal.{module.name}")).values()
        yield from (one for one in found if isinstance(one, Endpoint))
    for of_one in (*audit.OF_EACH.values(), *privacy.OF_EACH.values()):
        yield from of_one


def app_of(name: str) -> FastAPI:
    runtime = runtime_on("postgresql://nobody", name, FixedClock(STARTS_AT), {}, {"ESTUARY_SERVICE_KEY": "s" * 32})
    return create_sandbox(runtime) if name == "sandbox" else create_app(name, runtime)


def served_by(name: str) -> set[Endpoint[Any]]:
    """What the routes of a service are, written as operations."""
    found = set[Endpoint[Any]]()
    for context in iter_route_contexts(app_of(name).routes):
        route, path = context.route, str(context.path)
        if isinstance(route, APIRoute) and path.startswith("/internal/"):
            body: Any = route.body_field.field_info.annotation if route.body_field else None
            found |= {Endpoint(name, method, path, route.response_model, body) for method in route.methods or ()}
    return found


@pytest.mark.parametrize("service", ANSWERING)
def test_a_service_serves_its_operations_with_their_models_and_no_others(service: str):
    assert served_by(service) == {one for one in operations() if one.service == service}


def refusals_of(service: str, method: str, place: str) -> set[tuple[int, str]]:
    """The status and code of each refusal that the operation of that name, or at that path, names."""
    routes = [context.route for context in iter_route_contexts(app_of(service).routes)]
    found = next(route for route in routes if isinstance(route, APIRoute) and place in (route.name, route.path))
    return {(status, code) for status, codes in codes_of(found, service, method).items() for code in codes}


@pytest.mark.parametrize(("service", "name", "asked"), PASSED_ON, ids=str)
def test_a_refusal_that_is_passed_on_is_named(service: str, name: str, asked: Endpoint[Any]):
    passed_on = refusals_of(asked.service, asked.method, asked.path)
    assert passed_on
    assert passed_on <= refusals_of(service, "POST", name)


class TestCallers:
    @staticmethod
    def peers(status: int, body: dict[str, object]) -> Peers:
        answer = httpx2.MockTransport(lambda request: httpx2.Response(status, json={**body, "asked": request.url.path}))
        return Peers({"identity": answer}, service_tokens("booking").token)

    async def test_read_the_class_that_the_route_answers_and_ignore_what_is_new_in_it(self):
        user = a_user()
        peers = self.peers(200, user.model_dump(mode="json") | {"later": 1})
        assert await peers.ask(USER, user_id=user.user_id) == user
        await peers.close()

    async def test_an_answer_in_another_form_is_as_good_as_none(self):
        peers = self.peers(200, {"user_id": str(new_id())})
        with pytest.raises(Unavailable):
            await peers.ask(USER, user_id=new_id())
        await peers.close()

    async def test_a_problem_is_raised_as_its_family(self):
        peers = self.peers(404, NotFound().problem())
        with pytest.raises(NotFound):
            await peers.ask(USER, user_id=new_id())
        await peers.close()
