"""Writes everything in `clients/` that is generated."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from devtools.clients import python, typescript
from devtools.clients.document import as_json, document, operations_in

ROOT = Path(__file__).parents[2] / "clients"
DOCUMENT, OPERATIONS = ROOT / "openapi.json", ROOT / "operations.txt"
PACKAGE = ROOT / "python" / python.PACKAGE
TYPESCRIPT = ROOT / "typescript"


def write() -> Iterator[str]:
    """Writes the document and both clients, each as soon as it is whole; yields what was written.

    GeneratorFailed on any warning, or without npm.
    """
    made = document()
    DOCUMENT.write_text(as_json(made))
    OPERATIONS.write_text(operations_in(made))
    yield "clients/openapi.json, clients/operations.txt"
    with TemporaryDirectory() as folder:
        python.generate(DOCUMENT, Path(folder))
        shutil.rmtree(PACKAGE, ignore_errors=True)
        shutil.copytree(Path(folder) / python.PACKAGE, PACKAGE, ignore=shutil.ignore_patterns(".ruff_cache"))
    yield "clients/python"
    typescript.generate(DOCUMENT, TYPESCRIPT, TYPESCRIPT / typescript.TYPES)
    typescript.compile_(TYPESCRIPT)
    yield "clients/typescript"
