"""One word for one thing: names and words that are on their way out, and what takes their place (docs/vocabulary.md).

`BANNED_WORDS` are looked for in names (as parts of them), docstrings, comments, texts and documents, `BANNED_NAMES` in
names alone, written exactly so. What the code still has of them is listed in `vocabulary.toml`, which only shrinks.
"""

import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import ROOT

LEDGER = Path(__file__).parent / "vocabulary.toml"
FOLDERS = ("libs", "services", "gateway", "estuary", "devtools", "tests", "benchmarks", "examples", "docs", "deploy")
OWN = ("tests/architecture/vocabulary", "docs/events/")
"""What is not searched: this list itself, and files that are made from the code."""

BANNED_WORDS = {
    "house": "system, all in one",
    "asker": "caller",
    "askers": "callers",
    "deaf": "silent",
    "door": "entry point",
    "fate": "outcome",
    "furnish": "seed",
    "furnished": "seeded",
    "goodbye": "close",
    "letter": "mail, email",
    "letters": "mails, emails",
    "neighbour": "system table, peer",
    "neighbours": "system tables, peers",
    "nobodys": "dummy",
    "stand-in": "sandbox",
    "stand-ins": "sandbox",
    "surroundings": "resources",
    "weather": "faults",
}

BANNED_NAMES = {
    "told": "notified, published, translate_error",
    "Told": "Recipients",
    "Surroundings": "ProcessResources",
    "around": "resources",
    "trust": "make_verifier_and_clients",
    "Pace": "SocketTimeouts",
    "Hints": "Broadcaster",
    "Outlet": "SocketWriter",
    "at_hand": "buffered",
    "Link": "PooledConnection",
    "TROUBLE": "DRIVER_ERRORS",
    "Prepared": "CompiledStatement",
    "DISCREET": "REDACTED",
    "TELLING": "SENSITIVE",
    "SIGNS": "MARKERS",
    "Teller": "RequestLogger",
    "TakeTurns": "RoundRobinTransport",
    "Once": "Idempotency",
    "Operation": "IdempotentOperation",
    "DO_NOT_WAIT_FOR_THE_DISK": "ASYNC_COMMIT",
    "NOTICE_THE_DEAD": "TCP_KEEPALIVE",
    "DEAF_SECONDS": "SILENCE_TIMEOUT",
    "Elsewhere": "ExternalBroker",
    "Jars": "LocalBroker",
    "NoKafka": "KafkaUnavailable",
    "Exchange": "ProxiedRequest",
    "Asked": "RequestHeaders",
    "our_own": "forwarded_headers",
    "AnswerBrokenOff": "UpstreamAborted",
    "is_near": "is_private",
    "Offering": "BookableService",
    "ASKS": "COMMANDS",
    "ASKERS": "COMMANDS",
    "SHORT": "INSUFFICIENT_CREDITS",
    "GIVEN_UP": "ABANDONED",
    "RETAKING": "RECLAIMING",
    "turn_of": "lock_calendar",
    "rt": "runtime",
    "REQUEST_HAS_IT": "REQUEST_LEASE",
    "unsure": "due_for_reconciliation",
    "look_later": "defer_check",
    "look_at_intent": "sync_intent",
    "OrderFate": "OrderOutcome",
    "carry_out": "execute",
    "Presented": "RefreshAttempt",
    "UserSession": "SignInSession",
    "Offer": "Service",
    "NewOffer": "NewService",
    "tell_of_practitioner": "publish_services_of",
    "Said": "ClientMessage",
    "Standing": "SendContext",
    "forget_words": "erase_content",
    "WritesToOneself": "CannotMessageSelf",
    "NotOfBooking": "NotABookingParty",
    "NamesNobody": "UserToBlockMissing",
    "News": "Notification",
    "Words": "RenderedText",
    "Facts": "params",
    "Ways": "ChannelPreferences",
    "Reminding": "ReminderContext",
    "tell_together": "send_grouped",
    "Unreads": "UnreadConversations",
    "AT_ONCE": "CONCURRENCY",
    "KEEP": "RETENTION",
    "NOBODY": "NIL_UUID",
    "LONGEST_PAUSE": "MAX_BACKOFF",
    "WHOLE": "HUNDRED_PERCENT",
    "Ended": "EndReason",
    "Place": "CommentTarget",
}

PLAIN = re.compile(r"(?<![a-z])dead[ _-]letters?(?![a-z])", re.IGNORECASE)
"""A term of the field that contains a banned word."""
PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+(?:-ins?\b)?")
SETTING = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
"""Settings keep their names."""


def files() -> Iterator[Path]:
    """Every file of code and every document of the project."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".md"}]
    for path in sorted([*found, *ROOT.glob("*.md"), ROOT / "conftest.py"]):
        is_own = path.name != "CHANGELOG.md" and "node_modules" not in path.parts
        if is_own and not str(path.relative_to(ROOT)).startswith(OWN):
            yield path


def banned_in(path: Path) -> set[str]:
    """The words and names of that file that are on their way out."""
    text = path.read_text()
    return words_of(text) | (names_of(text) if path.suffix == ".py" else set())


def words_of(text: str) -> set[str]:
    """The banned words of a text: of prose, and as parts of names."""
    plain = SETTING.sub(" ", PLAIN.sub(" ", text))
    return {part.lower() for part in PARTS.findall(plain)} & BANNED_WORDS.keys()


def names_of(code: str) -> set[str]:
    """The banned names of Python code."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME} & BANNED_NAMES.keys()


def allowed() -> dict[str, set[str]]:
    """What each file may still have: what waits to be renamed, and what stays for a reason."""
    ledger = tomllib.loads(LEDGER.read_text())
    listed: dict[str, set[str]] = {path: set(words) for path, words in ledger["waiting"].items()}
    for path, reasons in ledger["kept"].items():
        listed.setdefault(path, set()).update(reasons)
    return listed
