"""`?fields=id,title`: answers with the fields alone that were asked for."""

from functools import cache
from typing import Any, cast, get_args

import orjson
from fastapi import Request, Response
from pydantic import BaseModel

from shared.errors import Invalid


def select_fields(request: Request, response: Response) -> Response:
    """`?fields=id,title` keeps only these of each result (or of the one object)."""
    wanted = {name.strip() for name in request.query_params["fields"].split(",") if name.strip()}
    if not wanted or request.method != "GET" or response.status_code != 200:
        return response
    data = orjson.loads(response.body)
    known = _fields_of(getattr(request.scope.get("route"), "response_model", None))
    if isinstance(data, dict) and "results" in data:
        data["results"] = [_only(row, wanted, known) for row in data["results"]]
    elif isinstance(data, list):
        data = [_only(row, wanted, known) for row in data]
    else:
        data = _only(data, wanted, known)
    return Response(orjson.dumps(data), response.status_code, media_type="application/json")


def _only(row: dict[str, Any], wanted: set[str], known: frozenset[str]) -> dict[str, Any]:
    """The wanted fields that this row has. Rows may differ: a field of the answer's model may be missing in one."""
    if unknown := wanted - row.keys() - known:
        raise Invalid(f"There is no field {sorted(unknown)[0]}.", code="unknown_field", field="fields")
    return {name: value for name, value in row.items() if name in wanted}


@cache
def _fields_of(model: Any) -> frozenset[str]:
    """What an object of that model may have: of a list its rows, of a union those of each part."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        rows = model.model_fields.get("results")
        return _fields_of(cast(Any, rows.annotation)) if rows is not None else frozenset(model.model_fields)
    return frozenset().union(*(_fields_of(part) for part in get_args(model)))
