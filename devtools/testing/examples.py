"""Examples of the document, recorded from tests: what was really sent and answered, without what is secret or random.

`ESTUARY_WRITE_EXAMPLES=1 pytest FILE` adds those that are missing in `gateway/examples/`; to make one anew, delete it
there first. Then `make clients`.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import httpx2
from starlette.types import Scope

from shared.web.http import Route

FOLDER = Path(__file__).parents[2] / "gateway" / "examples"
RECORDS = os.environ.get("ESTUARY_WRITE_EXAMPLES") == "1"
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
SECRET = re.compile(r"(token|secret|ticket|^key|^state|^code|nonce|svg|uri|url)$")
LONGEST_LIST, LONGEST_TEXT = 2, 200
INTERNAL = "/internal/"
Json = Any
recorded: dict[str, dict[str, Json]] = {}
"""By service and id of the operation."""


def record(scope: Scope, request: httpx2.Request, response: httpx2.Response) -> None:
    """Keeps that call as the example of its operation, unless a fuller one is kept."""
    route = scope.get("route")
    if not isinstance(route, Route) or not route.include_in_schema or route.path.startswith(INTERNAL):
        return
    example = Example()
    parameters = {**scope["path_params"], **dict(request.url.params)}
    made = {
        "parameters": example.tidied({name: str(value) for name, value in parameters.items()}),
        "request": example.tidied(_json(request)),
        "status": response.status_code,
        "answer": example.tidied(_json(response)),
    }
    kept = recorded.setdefault(scope["app"].state.runtime.service, {})
    if len(str(made)) > len(str(kept.get(route.name, ""))):
        kept[route.name] = made


def _json(message: httpx2.Request | httpx2.Response) -> Json:
    if not message.headers.get("content-type", "").startswith("application/json") or not message.content:
        return None
    return json.loads(message.content)


class Example:
    """One call; each id in it becomes a short one, the same wherever it stands."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def tidied(self, given: Json, name: str = "") -> Json:
        """A copy without what is secret, random or long."""
        if isinstance(given, dict):
            return {self.tidied(key): self.tidied(value, key) for key, value in given.items()}
        if isinstance(given, list):
            return [self.tidied(part, name) for part in given[:LONGEST_LIST]]
        if not isinstance(given, str):
            return given
        if SECRET.search(name) and not given.startswith(("http://localhost", "https://")) and len(given) > len(name):
            return f"example-{name}".replace("_", "-")
        return UUID.sub(lambda found: self._id(found[0]), given)[:LONGEST_TEXT]

    def _id(self, given: str) -> str:
        return self._ids.setdefault(given, f"0198c0de-7000-7000-8000-{len(self._ids) + 1:012d}")


def write() -> None:
    """Adds what was recorded to the files of the services, each in the order of its operations."""
    for service, made in recorded.items():
        file = FOLDER / f"{service}.json"
        kept = json.loads(file.read_text()) if file.exists() else {}
        known = {name: example for name, example in made.items() if name not in kept}
        FOLDER.mkdir(exist_ok=True)
        file.write_text(json.dumps(dict(sorted({**kept, **known}.items())), indent=1, ensure_ascii=False) + "\n")
