"""The TypeScript client: openapi-typescript's types for openapi-fetch, from npm."""

import os
import shutil
from pathlib import Path

from devtools.clients.python import GeneratorFailed, run

TYPES = "src/schema.d.ts"


def modules_of(client: Path) -> Path | None:
    """Where npm's packages are for the client's folder: ESTUARY_NODE_MODULES, else its own; None without them or
    without node."""
    own = Path(os.environ.get("ESTUARY_NODE_MODULES", client / "node_modules")).resolve()
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


def check(client: Path) -> None:
    """Compiles the client and its tests with `strict`; GeneratorFailed with what does not fit."""
    run(["node", str(install(client) / "typescript" / "bin" / "tsc"), "--noEmit", "--project", "."], client, {})
