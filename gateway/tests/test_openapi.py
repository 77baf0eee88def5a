"""The one document: valid, public, without clashes."""

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, create_model
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from gateway.openapi import ATTEMPTS, KEEP_SECONDS, MISSING_SECONDS, Documents, merge
from gateway.routes import ROUTES, RouteTable


class Secret(BaseModel):
    value: str


class Price(BaseModel):
    amount: int
    currency: str


def service(path: str, view: type[BaseModel], *, secured: bool = False) -> FastAPI:
    app = FastAPI()
    extra: dict[str, Any] = {"security": [{"HTTPBearer": ["bookings.read"]}]} if secured else {}

    @app.get(path, openapi_extra=extra)
    async def find(item_id: str) -> view:  # type: ignore[valid-type]  # FastAPI reads the value
        return view.model_construct()

    @app.get("/internal/items/{item_id}/")
    async def inside(item_id: str) -> Secret:
        return Secret(value=item_id)

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ok"}

    return app


def view_of(title: str, /, **fields: Any) -> type[BaseModel]:
    model: type[BaseModel] = create_model(title, **{field: (kind, ...) for field, kind in fields.items()})  # type: ignore[call-overload]  # the fields are known at run time only
    return model


OWNER_OF_BOOKING = view_of("Owner", name=str)
OWNER_OF_CATALOG = view_of("Owner", name=str, verified=bool)
SERVICES = {
    "catalog": service("/api/v1/services/{item_id}/", view_of("Item", price=Price, owner=OWNER_OF_CATALOG)),
    "booking": service(
        "/api/v1/bookings/{item_id}/", view_of("Item", price=Price, owner=OWNER_OF_BOOKING), secured=True
    ),
    "payments": service("/api/v1/payments/orders/{item_id}/", view_of("Order", price=Price)),
}


@dataclass
class Sometimes:
    """Booking, which may be away; `asked` counts the requests."""

    away: bool = False
    asked: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        if self.away:
            raise OSError("away")
        await SERVICES["booking"](scope, receive, send)


@pytest.fixture
async def document(gateway, client_of) -> dict[str, Any]:
    response = await client_of(gateway(SERVICES)).get("/openapi.json")
    assert response.status_code == 200
    return dict(response.json())


def reference_of(document: dict[str, Any], path: str) -> str:
    answer = document["paths"][path]["get"]["responses"]["200"]
    return str(answer["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1])


class TestMerged:
    async def test_is_valid_openapi_and_every_reference_leads_somewhere(self, document):
        OPENAPI_31_VALIDATOR.validate(document)
        text = orjson.dumps(document).decode()
        for part in text.split("#/components/schemas/")[1:]:
            assert part.split('"')[0] in document["components"]["schemas"]

    async def test_shows_public_paths_only(self, document):
        assert sorted(document["paths"]) == [
            "/api/v1/bookings/{item_id}/",
            "/api/v1/payments/orders/{item_id}/",
            "/api/v1/services/{item_id}/",
        ]
        assert "Secret" not in document["components"]["schemas"]

    async def test_equal_schemas_are_joined_and_others_named_after_their_service(self, document):
        schemas = document["components"]["schemas"]
        assert {"Price", "Order", "CatalogItem", "BookingItem", "CatalogOwner", "BookingOwner"} <= schemas.keys()
        assert not {"Item", "Owner"} & schemas.keys()
        assert reference_of(document, "/api/v1/services/{item_id}/") == "CatalogItem"
        assert schemas["CatalogItem"]["properties"]["owner"]["$ref"].endswith("/CatalogOwner")
        assert schemas["BookingItem"]["properties"]["price"]["$ref"].endswith("/Price")
        assert "verified" in schemas["CatalogOwner"]["properties"]

    async def test_is_made_once(self, gateway, client_of):
        asked: list[str] = []
        inner = service("/api/v1/bookings/{item_id}/", view_of("Item", name=str))

        async def counted(scope, receive, send):
            asked.append(scope["path"])
            await inner(scope, receive, send)

        client = client_of(gateway({"booking": counted}))
        answers = await asyncio.gather(*(client.get("/openapi.json") for _ in range(5)))
        assert len({answer.content for answer in answers}) == 1
        assert asked == ["/openapi.json"]

    async def test_tags_name_the_service_and_tokens_have_one_scheme(self, document):
        booking = document["paths"]["/api/v1/bookings/{item_id}/"]["get"]
        assert booking["tags"] == ["booking"]
        assert booking["security"] == [{"bearer": ["bookings.read"]}]
        assert list(document["components"]["securitySchemes"]) == ["bearer"]
        ids = [item["get"]["operationId"] for item in document["paths"].values()]
        assert len(ids) == len(set(ids))

    async def test_a_service_that_does_not_answer_is_named_and_asked_again_after_ten_seconds(self):
        now, booking = [0.0], Sometimes(away=True)
        services: dict[str, Any] = {**SERVICES, "booking": booking}
        documents = Documents(services, RouteTable(ROUTES, services), clock=lambda: now[0])
        for _ in range(5):
            without = orjson.loads(await documents.merged())
        assert "missing here: booking" in without["info"]["description"]
        assert len(without["paths"]) == 2
        assert booking.asked == ATTEMPTS
        booking.away, now[0] = False, MISSING_SECONDS
        assert len(orjson.loads(await documents.merged())["paths"]) == 3

    async def test_while_a_service_is_away_its_last_document_counts_and_it_is_asked_once_in_ten_seconds(self):
        now, booking = [0.0], Sometimes()
        documents = Documents({"booking": booking}, RouteTable(ROUTES, {"booking"}), clock=lambda: now[0])
        first = await documents.merged()
        booking.away, now[0] = True, KEEP_SECONDS
        assert [await documents.merged() for _ in range(3)] == [first] * 3
        assert booking.asked == 1 + ATTEMPTS


def document_of(path: str, sound: str) -> dict[str, Any]:
    """A service with pets of two kinds, told apart by a discriminator."""
    one_of = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
    mapping = {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}
    pet = {"oneOf": one_of, "discriminator": {"propertyName": "kind", "mapping": mapping}}
    content = {"application/json": {"schema": pet}}
    operation = {"operationId": "adopt", "responses": {"200": {"description": "adopted", "content": content}}}
    schemas = {"Cat": {"type": "object", "properties": {"sound": {"type": sound}}}, "Dog": {"type": "object"}}
    return {"paths": {path: {"get": operation}}, "components": {"schemas": schemas}}


class TestMerge:
    def test_a_discriminator_s_mapping_follows_the_new_names(self):
        documents = {"zoo": document_of("/zoo/", "string"), "garden": document_of("/garden/", "integer")}
        merged = merge(documents)
        OPENAPI_31_VALIDATOR.validate(merged)
        assert sorted(merged["components"]["schemas"]) == ["Dog", "GardenCat", "ZooCat"]
        schema = merged["paths"]["/zoo/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema["discriminator"]["mapping"] == {
            "cat": "#/components/schemas/ZooCat",
            "dog": "#/components/schemas/Dog",
        }

    def test_equal_operation_ids_are_told_apart(self):
        merged = merge({"zoo": document_of("/zoo/", "string"), "garden": document_of("/garden/", "string")})
        assert [merged["paths"][path]["get"]["operationId"] for path in ("/zoo/", "/garden/")] == [
            "zoo_adopt",
            "garden_adopt",
        ]
