"""One function per rule: it takes a file and yields what offends. `RULES` at the end is the list."""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.architecture.source import Source

LONGEST_FILE = 300
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "service2"}
WALL_CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
PURE_OF_SHARED = {
    "shared.auth.permissions",
    "shared.concurrency.back_off",
    "shared.records.currencies",
    "shared.records.money",
}
REMOTE = {"peers", "providers", "stripe", "smtp", "aiosmtplib", "video", "livekit"}
ROOT_PATHS = {"/health/live", "/health/ready", "/metrics"}
WITH_SQL = {"repository.py", "models.py", "base.py", "invariants.py"}
STATEMENTS = {"execute", "scalar", "scalars", "get_one", "run", "run_many", "first", "one_of"}
SESSIONS = {"session", "sync_session", "db", "database"}
METHODS = {"get", "post", "put", "patch", "delete", "head", "api_route", "websocket"}


@dataclass(frozen=True)
class Finding:
    """What is wrong, and on which lines (first and last, both inclusive)."""

    message: str
    first: int = 1
    last: int = 1

    @classmethod
    def at(cls, node: ast.stmt | ast.expr, message: str) -> "Finding":
        return cls(message, node.lineno, node.end_lineno or node.lineno)


Rule = Callable[[Source], Iterator[Finding]]


def dotted(node: ast.AST) -> list[str]:
    """The names of `a.b(c).d` from left to right: ["a", "b", "d"]."""
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Attribute(value=value, attr=attr):
            return [*dotted(value), attr]
        case ast.Call(func=func):
            return dotted(func)
        case ast.Await(value=value) | ast.Subscript(value=value):
            return dotted(value)
    return []


def calls(source: Source) -> Iterator[ast.Call]:
    return (node for node in source.nodes if isinstance(node, ast.Call))


def commit_in_db_only(source: Source) -> Iterator[Finding]:
    """A commit ends a unit of work, and shared/database/session.py alone decides when that is."""
    if source.is_test or source.path == "libs/shared/database/session.py":
        return
    for call in calls(source):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit":
            yield Finding.at(call, "commits by itself: use `async with db.transaction()`")


def status_by_transition_only(source: Source) -> Iterator[Finding]:
    """A row's status moves through transition(), which knows the legal steps. An object may set its own number."""
    if source.is_test or source.path == "libs/shared/records/state.py":
        return
    for node in source.nodes:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            continue
        if any(isinstance(t, ast.Attribute) and t.attr == "status" and dotted(t.value) != ["self"] for t in targets):
            yield Finding.at(node, "assigns a status: use shared.records.state.transition()")


def no_remote_call_in_transaction(source: Source) -> Iterator[Finding]:
    """A transaction that waits for a peer or a provider holds its locks and its connection meanwhile."""
    if source.is_test:
        return
    for block in (node for node in source.nodes if _is_transaction(node)):
        for node in ast.walk(block):
            if isinstance(node, ast.Await) and REMOTE & set(dotted(node.value)):
                yield Finding.at(node, "calls a peer or a provider while a transaction is open")


def _is_transaction(node: ast.AST) -> bool:
    if isinstance(node, ast.AsyncWith):
        return any("transaction" in dotted(item.context_expr) for item in node.items)
    if isinstance(node, ast.AsyncFunctionDef):
        return any(argument.arg == "session" for argument in node.args.args)
    return False


def short_files(source: Source) -> Iterator[Finding]:
    """A file over three hundred lines is split by subject."""
    length = source.text.count("\n")
    if length > LONGEST_FILE and not source.is_migration:
        yield Finding(f"has {length} lines, more than {LONGEST_FILE}: split it by subject", 1, length)


def telling_names(source: Source) -> Iterator[Finding]:
    """A file is named after what it holds."""
    vague = VAGUE_NAMES & {part.removesuffix(".py") for part in source.parts}
    if vague:
        yield Finding(f"is named {', '.join(sorted(vague))}: name it after what it holds")


def business_time_from_clock(source: Source) -> Iterator[Finding]:
    """Business time comes from runtime.clock; machine time states that it is machine time."""
    if source.is_test or source.path == "libs/shared/records/clock.py":
        return
    for call in calls(source):
        if ".".join(dotted(call.func)[-2:]) in WALL_CLOCKS:
            yield Finding.at(call, "reads the machine's clock: business time is runtime.clock.now()")


def no_print(source: Source) -> Iterator[Finding]:
    """Services log; the operator's command line prints."""
    if source.is_test or source.parts[0] == "estuary":
        return
    for call in calls(source):
        if isinstance(call.func, ast.Name) and call.func.id == "print":
            yield Finding.at(call, "prints: use the log")


def no_httpx(source: Source) -> Iterator[Finding]:
    """httpx is frozen upstream and slow: peers are called by httpx2, the gateway proxies by aiohttp."""
    for node, module in imports(source):
        if module.split(".")[0] == "httpx":
            yield Finding.at(node, "imports httpx: use httpx2")


def settings_from_runtime(source: Source) -> Iterator[Finding]:
    """Only the composition root reads the environment; everybody else is handed a Runtime."""
    if source.is_test or source.parts[0] == "estuary":
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and dotted(node) in (["os", "environ"], ["os", "getenv"]):
            yield Finding.at(node, "reads the environment: settings come from runtime.env")


def service_introduces_itself(source: Source) -> Iterator[Finding]:
    """services/<x>/__init__.py says what the service owns and which events go out and in, and does nothing."""
    if len(source.parts) != 3 or source.parts[0] != "services" or source.name != "__init__.py":
        return
    if not ast.get_docstring(source.tree):
        yield Finding("has no docstring that says what the service owns")
    if len(source.tree.body) > 1:
        yield Finding("holds more than its docstring")


def pure_domain(source: Source) -> Iterator[Finding]:
    """domain.py knows the standard library, money, currencies, roles, back-off, and its service's domain.py files."""
    if source.name != "domain.py":
        return
    own = ".".join(source.parts[:2])
    for node, module in imports(source):
        sibling = module.startswith(own) and module.endswith(".domain")
        if module.split(".")[0] not in sys.stdlib_module_names and module not in PURE_OF_SHARED and not sibling:
            yield Finding.at(node, f"imports {module}: a domain.py is pure")


def sql_in_repository_only(source: Source) -> Iterator[Finding]:
    """SQL is in repository.py: whoever looks for a query, an index or a lock looks there."""
    if source.is_test or source.is_migration or not source.path.startswith("services/") or source.name in WITH_SQL:
        return
    for node, module in imports(source):
        if module.split(".")[0] == "sqlalchemy":
            yield Finding.at(node, f"imports {module}: SQL belongs to repository.py")
    for call in calls(source):
        names = dotted(call.func)
        if names[-2:-1] == ["session"] and names[-1] in STATEMENTS:
            yield Finding.at(call, "runs a statement: SQL belongs to repository.py")


def one_way_to_list(source: Source) -> Iterator[Finding]:
    """Order, total and page of a list are those of shared/database/listing.py, and nowhere written again."""
    if source.is_test or source.path == "libs/shared/database/listing.py":
        return
    for call in calls(source):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "offset":
            yield Finding.at(call, "pages a query: use a ListOf")


def repositories_are_alike(source: Source) -> Iterator[Finding]:
    """What holds a session for its SQL is a Repository."""
    if source.is_test or source.name != "repository.py" or not source.path.startswith("services/"):
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and dotted(node) == ["self", "session"]:
            yield Finding.at(node, "keeps a session by itself: derive from shared.database.repository.Repository")


def settings_from_runtime_only(source: Source) -> Iterator[Finding]:
    """A session carries nothing in its `info`: who needs settings is given the runtime, or the one value; what a
    session itself has is an attribute of its class."""
    own = source.path == "libs/shared/database/session.py"
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr == "info" and _holder(node, own=own) in SESSIONS:
            yield Finding.at(node, "keeps something in a session or database: settings and clock come from runtime")


def _holder(node: ast.Attribute, *, own: bool) -> str:
    names = dotted(node.value)[-1:]
    return "session" if own and names == ["self"] else "".join(names)


def permission_by_table(source: Source) -> Iterator[Finding]:
    """What a role may is in shared/auth/permissions.py: code asks `caller.may(Permission.X)`, never for a role."""
    if source.is_test or source.path.startswith(("libs/shared/auth/", "services/identity/")):
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and _asks_for_a_role(node):
            yield Finding.at(node, "asks for a role: use caller.may(Permission...) or needs(Permission...)")


def _asks_for_a_role(node: ast.Attribute) -> bool:
    of_caller = node.attr == "roles" and dotted(node.value)[-1:] in (["who"], ["caller"])
    return of_caller or node.attr in {"is_staff", "is_practitioner"}


def imports(source: Source) -> Iterator[tuple[ast.stmt, str]]:
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, module) for module in _modules(source, node))


def _modules(source: Source, node: ast.ImportFrom) -> list[str]:
    base = ".".join(source.parts[: len(source.parts) - node.level]) if node.level else ""
    module = ".".join(filter(None, [base, node.module]))
    joins = module == "shared" or module.startswith("services.")
    names = [f"{module}.{alias.name}" for alias in node.names]
    return names if joins and all(name.endswith((".money", ".domain")) for name in names) else [module]


def internal_paths_in_one_place(source: Source) -> Iterator[Finding]:
    """What is under /internal is listed in shared/internal: routes and callers take path and models from there."""
    if source.is_test or source.path.startswith(("libs/shared/internal/", "libs/shared/web/")):
        return
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("/internal"):
            yield Finding.at(node, "writes a path under /internal: use the operation of shared.internal")


def routes_are_uniform(source: Source) -> Iterator[Finding]:
    """A route ends with a slash, except the documents at the root, and says what it returns."""
    if source.is_test:
        return
    for function in source.nodes:
        if not isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef):
            continue
        for path in _routes_of(function):
            if not (path.endswith("/") or path in ROOT_PATHS or "." in path.rsplit("/", 1)[-1]):
                yield Finding.at(function.decorator_list[0], f"route {path!r} has no trailing slash")
            if function.returns is None:
                yield Finding.at(function.decorator_list[0], f"route {path!r} does not say what it returns")


def _routes_of(function: ast.AsyncFunctionDef | ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(attr=method), args=[ast.Constant(value=str(path)), *_]):
                if method in METHODS and (not path or path.startswith("/")):
                    yield path


RULES: dict[str, Rule] = {
    "commit": commit_in_db_only,
    "status": status_by_transition_only,
    "remote-call": no_remote_call_in_transaction,
    "long-file": short_files,
    "vague-name": telling_names,
    "machine-time": business_time_from_clock,
    "print": no_print,
    "httpx": no_httpx,
    "environment": settings_from_runtime,
    "introduction": service_introduces_itself,
    "pure-domain": pure_domain,
    "permission": permission_by_table,
    "sql": sql_in_repository_only,
    "listing": one_way_to_list,
    "repository": repositories_are_alike,
    "session-info": settings_from_runtime_only,
    "internal-path": internal_paths_in_one_place,
    "route": routes_are_uniform,
}
