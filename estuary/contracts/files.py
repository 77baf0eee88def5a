"""Writes `docs/events/`, and refuses to break what it promises."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from estuary.contracts.asyncapi import document
from estuary.contracts.compatibility import breaking_changes
from estuary.contracts.events import events, name_of, schema_of, whole_schema_of
from estuary.contracts.page import page

FOLDER = Path(__file__).parents[2] / "docs" / "events"


class ContractBroken(Exception):
    """What would be written breaks what is there; the message names each change."""


def generated() -> dict[str, str]:
    """The text of each file, by its path within the folder."""
    kinds = events()
    schemas = {f"schemas/{name_of(kind)}.json": _json(schema_of(kind)) for kind in kinds}
    whole = {f"internal/{name_of(kind)}.json": _json(whole_schema_of(kind)) for kind in kinds}
    return {"README.md": page(kinds), "asyncapi.json": _json(document(kinds)), **schemas, **whole}


def written(folder: Path = FOLDER) -> dict[str, str]:
    """The same of what is in the folder now."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in sorted(paths)}


def promised(folder: Path = FOLDER, part: str = "schemas") -> dict[str, dict[str, Any]]:
    """The schemas in the folder, by `ce_type`: those for partners, or the whole ones in `internal`."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (folder / part).glob("*.json")}


def broken(folder: Path = FOLDER) -> list[str]:
    """Every breaking change of today's events against the schemas in the folder."""
    kinds = events()
    found = breaking_changes(promised(folder), {name_of(kind): schema_of(kind) for kind in kinds})
    whole = {name_of(kind): whole_schema_of(kind) for kind in kinds}
    return list(dict.fromkeys([*found, *breaking_changes(promised(folder, "internal"), whole)]))


def write(folder: Path = FOLDER, *, even_breaking: bool = False) -> list[str]:
    """Brings the folder up to date and returns what changed in it; ContractBroken unless that is allowed."""
    changes = [] if even_breaking else broken(folder)
    if changes:
        raise ContractBroken(
            "Partners rely on what is promised in docs/events. Tell the change as a new version beside the old one "
            "(schema_version = 2), or give a new field a default:\n" + "\n".join(f"  {change}" for change in changes)
        )
    return _replace(folder, generated())


def _replace(folder: Path, files: Mapping[str, str]) -> list[str]:
    before = written(folder)
    for name in before.keys() - files.keys():
        (folder / name).unlink()
    for name, text in files.items():
        if before.get(name) != text:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return sorted(name for name in before.keys() | files.keys() if before.get(name) != files.get(name))


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
