"""A test fails where an operation refuses with a code that the document does not name for it."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import APIRouter

from devtools.testing.fixtures import STARTS_AT, runtime_on
from shared.errors import Conflict
from shared.records.clock import FixedClock
from shared.web.app import build
from shared.web.http import Route, errors_of

router = APIRouter(route_class=Route)


class TableTaken(Conflict):
    """With what both operations refuse."""

    code, detail = "table_taken", "This table is taken."


@router.post("/named/", responses=errors_of(TableTaken))
async def take_table() -> None:
    """Names its refusal."""
    raise TableTaken


@router.post("/unnamed/")
async def take_any_table() -> None:
    """Does not."""
    raise TableTaken


async def test_a_refusal_is_one_that_the_operation_names(client_for: Callable[..., Any]) -> None:
    runtime = runtime_on("postgresql://nobody", "booking", FixedClock(STARTS_AT), {}, {})
    api = client_for(build(runtime, title="Tables", routers=[router]))
    assert (await api.post("/named/")).json()["code"] == "table_taken"
    with pytest.raises(AssertionError, match="take_any_table answers 409 `table_taken`"):
        await api.post("/unnamed/")
    await runtime.peers.close()
    await runtime.db.close()
