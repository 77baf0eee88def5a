"""The checklist's part about secrets: none that is public, short, or used twice."""

import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from estuary.checklist.findings import Checked, Finding

LENGTH = 32
SECRETS = ("ESTUARY_SERVICE_KEY", "ESTUARY_METRICS_TOKEN", "IDENTITY_SECRET", "LIVEKIT_API_SECRET")
OF_A_SERVICE = re.compile(r"[A-Z]+_SERVICE_KEY")
PUBLIC = {
    "devkey",
    "pk_test_estuary",
    "sk_test_estuary",
    "whsec_estuary",
    "estuary-demo",
    "estuary-development",
    "estuary-development-only-livekit-secret",
    "estuary-development-only-service-key-0",
}
"""What stands in the source, and is the default somewhere."""
DEFAULTS = {
    "payments": {
        "STRIPE_SECRET_KEY": "sk_test_estuary",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_estuary",
        "STRIPE_WEBHOOK_SECRET": "whsec_estuary",
    },
    "booking": {"LIVEKIT_API_KEY": "devkey", "LIVEKIT_API_SECRET": "estuary-development-only-livekit-secret"},
}


def secret_findings(checked: Checked) -> Iterator[Finding]:
    """Each secret that somebody else knows, or can guess, or learns from another's leak."""
    secrets = dict(_secrets(checked))
    for name, value in secrets.items():
        if value in PUBLIC:
            yield Finding(name, f"is missing, or has a value that everybody can read in the source ({value})")
        elif _is_key(name) and len(value) < LENGTH:
            yield Finding(name, f"has {len(value)} characters, and needs at least {LENGTH}")
    yield from _repeated(checked, secrets)


def _is_key(name: str) -> bool:
    """Whether a machine made it, so that its length is free."""
    return name in SECRETS or name.startswith("STRIPE_WEBHOOK_SECRET") or OF_A_SERVICE.fullmatch(name) is not None


def _repeated(checked: Checked, secrets: dict[str, str]) -> Iterator[Finding]:
    if "identity" in checked.parts and not (checked.given.get("IDENTITY_KEYS") or checked.given.get("IDENTITY_KMS")):
        what = "is missing: what seals secrets at rest (<id>:<base64 of 32 bytes>,..., or IDENTITY_KMS)"
        yield Finding("IDENTITY_KEYS", what)
    if "identity" in checked.parts and "IDENTITY_SECRET" not in secrets:
        yield Finding("IDENTITY_SECRET", "is missing: ESTUARY_SERVICE_KEY would serve for it as well")
    by_value = defaultdict[str, list[str]](list)
    for name, value in secrets.items():
        by_value[value].append(name)
    for value, (first, *others) in by_value.items():
        if others and value not in PUBLIC:
            yield Finding(others[0], f"is the same as {first}: each needs a value of its own")


def _secrets(checked: Checked) -> Iterator[tuple[str, str]]:
    given = {**_defaults(checked), **checked.given}
    for name in sorted(given):
        if name in SECRETS or name in DEFAULTS["payments"] or name == "LIVEKIT_API_KEY":
            yield from _parts_of(name, given[name])
        elif name == "KAFKA_SASL_PASSWORD" or OF_A_SERVICE.fullmatch(name):
            yield name, given[name]
    yield from _passwords(checked)


def _parts_of(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Several webhook secrets, while one is being replaced."""
    if name != "STRIPE_WEBHOOK_SECRET":
        yield name, value
        return
    values = [part.strip() for part in value.split(",") if part.strip()]
    for number, part in enumerate(values):
        yield name if number == 0 else f"{name} ({number + 1})", part


def _passwords(checked: Checked) -> Iterator[tuple[str, str]]:
    """Those in addresses. One login may stand in several, and is then looked at once."""
    seen = set[tuple[str | None, str]]()
    mail = checked.mail_server()
    for name, url in [*checked.databases(), *([("SMTP_URL", mail)] if mail else [])]:
        parts = urlsplit(url)
        login = parts.username, unquote(parts.password or "")
        if login[1] and login not in seen:
            seen.add(login)
            yield name, login[1]


def _defaults(checked: Checked) -> dict[str, str]:
    """What the services of this process take where nothing is given."""
    defaults: dict[str, str] = {}
    if "payments" in checked.parts:
        defaults |= DEFAULTS["payments"]
    if "booking" in checked.parts and checked.given.get("LIVEKIT_URL"):
        defaults |= DEFAULTS["booking"]
    return defaults
