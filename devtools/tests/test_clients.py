"""The clients in `clients/` are those of this version's document."""

import os
from pathlib import Path

import pytest

from devtools.clients import python, typescript
from devtools.clients.document import as_json, document
from devtools.clients.python import GeneratorFailed
from devtools.clients.write import DOCUMENT, PACKAGE, TYPESCRIPT

STALE = "clients/ is not that of this version: run `make clients` and commit what it writes"
HAS_NODE = typescript.modules_of(TYPESCRIPT) is not None
needs_node = pytest.mark.skipif(
    not HAS_NODE and os.environ.get("ESTUARY_REQUIRE_NODE") != "1",
    reason="needs node 20 and what `make clients` installs below clients/typescript/node_modules",
)


def test_the_document_is_that_of_this_version():
    assert DOCUMENT.read_text() == as_json(document()), STALE


def test_the_python_client_is_that_of_the_document(tmp_path: Path):
    python.generate(DOCUMENT, tmp_path)
    made, kept = python.files_of(tmp_path / python.PACKAGE), python.files_of(PACKAGE)
    assert [name for name in made.keys() | kept if made.get(name) != kept.get(name)] == [], STALE


def test_a_warning_of_the_generator_is_a_failure(tmp_path: Path):
    bad = tmp_path / "bad.json"
    bad.write_text(DOCUMENT.read_text().replace('"title": "LockedPostView"', '"title": "PostView"'))
    with pytest.raises(GeneratorFailed, match="PostView"):
        python.generate(bad, tmp_path)


@needs_node
def test_the_typescript_client_is_that_of_the_document(tmp_path: Path):
    typescript.generate(DOCUMENT, TYPESCRIPT, tmp_path / "schema.d.ts")
    assert (tmp_path / "schema.d.ts").read_text() == (TYPESCRIPT / typescript.TYPES).read_text(), STALE


@needs_node
def test_the_typescript_client_compiles():
    typescript.compile_(TYPESCRIPT)
