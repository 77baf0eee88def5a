"""Reads the Python files of the product once, with their syntax trees and their escape comments."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("libs/shared", "services", "gateway", "estuary", "devtools", "tests", "benchmarks")
ESCAPE = re.compile(r"#\s*arch:\s*allow\s+(?P<rule>[\w-]+)(?::\s*(?P<reason>\S.*))?")


@dataclass
class Escape:
    """A comment `# arch: allow <rule>: <reason>`, on the offending line or on the one above it."""

    rule: str
    reason: str
    line: int
    used: bool = False


@dataclass
class Source:
    """One file. `path` is relative to the repository's root, with forward slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def escapes(self) -> list[Escape]:
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        comments = ((token.start[0], ESCAPE.search(token.string)) for token in tokens if token.type == tokenize.COMMENT)
        return [Escape(found["rule"], found["reason"] or "", line) for line, found in comments if found]

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.split("/"))

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def is_test(self) -> bool:
        named = self.name.startswith("test_") or self.name == "conftest.py"
        return named or "tests" in self.parts or "benchmarks" in self.parts or "devtools" in self.parts

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.parts

    def escaped(self, rule: str, first: int, last: int) -> bool:
        """Whether a comment allows `rule` on lines first..last or just above; marks that comment as used."""
        found = [e for e in self.escapes if e.rule == rule and first - 1 <= e.line <= last]
        for escape in found:
            escape.used = True
        return bool(found)


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the repository, without caches."""
    return tuple(Source(str(path.relative_to(ROOT)), path.read_text()) for path in sorted(_paths()))


def _paths() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")
