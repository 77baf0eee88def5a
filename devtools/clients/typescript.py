"""The TypeScript client: openapi-typescript's types for openapi-fetch, from npm."""

import shutil
from pathlib import Path

from devtools.clients.python import GeneratorFailed, run

TYPES = "src/schema.d.ts"


def modules_of(client: Path) -> Path | None:
    """Where npm put the packages of the client's folder; None without them or without node."""
    own = client / "node_modules"
    return own if shutil.which("node") and (own / "openapi-typescript").is_dir() else None


def install(client: Path) -> Path:
    """Installs what package-lock.json names, unless it is there; where to."""
    if found := modules_of(client):
        return found
    if shutil.which("npm") is None:
        raise GeneratorFailed("The TypeScript client needs node 20 and npm, and npm is not there.")
    run(["npm", "ci", "--no-audit", "--no-fund"], client, {})
    return client / "node_modules"


def generate(document: Path, client: Path, into: Path) -> None:
    """Writes the types from the document into that file; GeneratorFailed on any warning."""
    script = install(client) / "openapi-typescript" / "bin" / "cli.js"
    run(["node", str(script), str(document), "--output", str(into)], client, {"NO_COLOR": "1"})


def compile_(client: Path) -> None:
    """Compiles the client and its tests, with `strict`, into `dist`; GeneratorFailed with what does not fit."""
    run(["node", str(install(client) / "typescript" / "bin" / "tsc"), "--project", "."], client, {})
