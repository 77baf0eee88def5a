"""Every rule on every file; the escapes; and the rules themselves on a line that must offend them."""

import ast
import re

import pytest

from tests.architecture.rules import RULES
from tests.architecture.source import ROOT, Source, sources

LONG_FUNCTION = 15
SILENCED = re.compile(r"# (?:type: ignore(?:\[[a-z, -]+\])?|noqa(?:: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)*)?)(?P<reason>.*)$")

OFFENCES = {
    "commit": ("services/x/service.py", "async def f(session):\n    await session.commit()\n"),
    "status": ("services/x/service.py", "def f(row):\n    row.status = 'done'\n"),
    "remote-call": (
        "services/x/service.py",
        "async def f(rt):\n    async with rt.db.transaction() as session:\n        await rt.peers.get('y', '/')\n",
    ),
    "long-file": ("services/x/service.py", "x = 1\n" * 301),
    "vague-name": ("services/x/utils.py", ""),
    "machine-time": ("services/x/service.py", "import datetime\nnow = datetime.datetime.now(datetime.UTC)\n"),
    "print": ("services/x/service.py", "print('x')\n"),
    "httpx": ("gateway/proxy.py", "from httpx import AsyncClient\n"),
    "environment": ("services/x/service.py", "import os\nhome = os.environ['HOME']\n"),
    "introduction": ("services/x/__init__.py", "x = 1\n"),
    "pure-domain": ("services/x/domain.py", "from shared.database.session import Session\n"),
    "sql": ("services/catalog/x/service.py", "async def f(session):\n    await session.scalar(x)\n"),
    "listing": (
        "services/x/repository.py",
        "def f(query, page):\n    return query.limit(page.limit).offset(page.offset)\n",
    ),
    "repository": (
        "services/x/repository.py",
        "class Things:\n    def __init__(self, session):\n        self.session = session\n",
    ),
    "session-info": ("services/catalog/x/service.py", "def f(session):\n    return session.info['settings']\n"),
    "permission": ("services/x/routes.py", "def f(caller):\n    return 'staff' in caller.roles\n"),
    "internal-path": ("services/x/peers.py", "async def f(peers):\n    await peers.get('y', f'/internal/x/{1}/')\n"),
    "route": ("services/x/routes.py", "@router.get('/x')\nasync def x():\n    return 1\n"),
}

CLEAN = {
    "status": "def f(row):\n    return row.status == 'done'\n",
    "remote-call": (
        "async def f(rt):\n    async with rt.db.transaction() as session:\n        await g(session)\n"
        "    await rt.peers.get('y', '/')\n"
    ),
    "machine-time": "import time\nstarted = time.monotonic()\nnow = clock.now()\n",
    "sql": "async def f(session):\n    return await Services(session).get(x)\n",
    "repository": "class Things(Repository):\n    async def f(self):\n        return await self.session.scalar(x)\n",
    "permission": "def f(caller):\n    return caller.may(Permission.DECIDE_PAYOUTS)\n",
    "route": "@router.get('/x/')\nasync def x() -> int:\n    return 1\n",
    "pure-domain": "from datetime import date\nfrom shared.records.money import Money\n",
}


def offences(rule: str, source: Source) -> list[str]:
    """What `rule` finds in `source` and no escape allows, as `path:line message`."""
    findings = RULES[rule](source)
    return [f"{source.path}:{f.first} {f.message}" for f in findings if not source.escaped(rule, f.first, f.last)]


@pytest.mark.parametrize("rule", RULES)
def test_rule_holds_everywhere(rule: str):
    found = [line for source in sources() for line in offences(rule, source)]
    assert not found, f"{RULES[rule].__doc__}\n" + "\n".join(found)


def test_every_escape_is_used_and_states_its_reason():
    for source in sources():
        for rule in RULES:
            offences(rule, source)
    escapes = [(source, escape) for source in sources() for escape in source.escapes]
    unused = [f"{source.path}:{escape.line} is not needed" for source, escape in escapes if not escape.used]
    silent = [f"{source.path}:{escape.line} gives no reason" for source, escape in escapes if not escape.reason]
    assert not unused + silent


def test_every_silenced_checker_has_a_reason():
    """`# type: ignore[code]  # why` and `# noqa: CODE  why`."""
    silent = [
        f"{source.path}:{number}"
        for source in sources()
        for number, line in enumerate(source.text.splitlines(), 1)
        if (found := SILENCED.search(line)) and not found["reason"].strip(" #()")
    ]
    assert silent == []


def test_nine_of_ten_functions_are_short():
    lengths = [_length(node) for source in sources() for node in source.nodes if _is_product(source, node)]
    long = [length for length in lengths if length >= LONG_FUNCTION]
    assert len(long) * 10 <= len(lengths), f"{len(long)} of {len(lengths)} functions have {LONG_FUNCTION} lines or more"


def test_what_bodies_refuse_has_a_code():
    """A ValueError reaches clients as `value_error`, which names no reason: raise PydanticCustomError."""
    raising = [
        f"{source.path}:{node.lineno}"
        for source in sources()
        for node in source.nodes
        if source.path.endswith("/schemas.py") and isinstance(node, ast.Raise) and "ValueError" in ast.unparse(node)
    ]
    assert raising == []


def test_every_service_is_a_package():
    folders = [path for path in (ROOT / "services").iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert [path.name for path in folders if not (path / "__init__.py").exists()] == []


@pytest.mark.parametrize("rule", RULES)
def test_rule_finds_its_offence(rule: str):
    assert offences(rule, Source(*OFFENCES[rule]))


@pytest.mark.parametrize("rule", CLEAN)
def test_rule_lets_clean_code_pass(rule: str):
    assert not offences(rule, Source(OFFENCES[rule][0], CLEAN[rule]))


def test_escape_above_the_line_allows_it_and_counts_as_used():
    path, text = OFFENCES["print"]
    source = Source(path, "# arch: allow print: a reason\n" + text)
    assert not offences("print", source)
    assert source.escapes[0].used
    assert source.escapes[0].reason == "a reason"


def _length(node: ast.AST) -> int:
    assert isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _is_product(source: Source, node: ast.AST) -> bool:
    return isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef) and not (source.is_test or source.is_migration)
