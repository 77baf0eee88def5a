"""The production checklist: what an install with real settings must not have. A line each, with the setting's name.

A process looks at what it was given itself: where each has variables of its own, it sees no other's secrets.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

from estuary.checklist.findings import Checked, Finding, is_loopback
from estuary.checklist.readable import unreadable
from estuary.checklist.secrets import PUBLIC, secret_findings
from estuary.checklist.transport import transport_findings
from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from shared.settings import SettingsError

KEYS = {
    "STRIPE_SECRET_KEY": ("sk_live_", "sk_test_", "rk_live_", "rk_test_"),
    "STRIPE_PUBLISHABLE_KEY": ("pk_live_", "pk_test_"),
    "STRIPE_WEBHOOK_SECRET": ("whsec_",),
}
OURS = ("DATABASE_URL", "ESTUARY_", "GATEWAY_", "KAFKA_", "LIVEKIT_", "REDIS_URL", "SMTP_URL", "STRIPE_")
MODES = {"live": ("sk_live_", "rk_live_", "pk_live_"), "test": ("sk_test_", "rk_test_", "pk_test_")}


class UnsafeSettings(SettingsError):
    """Nothing starts with these settings."""

    def __init__(self, findings: Collection[Finding]) -> None:
        """A line for each."""
        super().__init__("\n".join(["nothing starts with these settings:", *(f"  {found}" for found in findings)]))


def demand_safe(settings: EstuarySettings, env: Mapping[str, str], *parts: str, listens: bool = True) -> None:
    """Raises UnsafeSettings with all that is wrong for a process that runs these services."""
    if (listens or not settings.stand_ins) and (findings := check(settings, env, *parts)):
        raise UnsafeSettings(findings)


def check(settings: EstuarySettings, env: Mapping[str, str], *parts: str) -> list[Finding]:
    """All that is wrong, in the order of the checklist; what cannot be read comes last."""
    given = {name: value for name, value in env.items() if value}
    checked = Checked(settings, given, frozenset(parts))
    checks = STAND_IN_CHECKS if settings.stand_ins else REAL_CHECKS
    found = {unsafe: unsafe.name for look in checks for unsafe in look(checked)}
    more = {one.name: one for one in unreadable(checked) if one.name not in found.values()}
    return [*found, *more.values()]


def _stand_ins_stay_here(checked: Checked) -> Iterator[Finding]:
    """The sandbox's accounts, keys and clock are everybody's who reaches them."""
    if not is_loopback(checked.settings.host) and not checked.settings.sandbox_public:
        yield Finding(
            "ESTUARY_HOST",
            f"{checked.settings.host} is reached from elsewhere, and the sandbox's passwords are public: "
            "set real keys, or ESTUARY_SANDBOX_PUBLIC=1",
        )


def _stripe_is_real(checked: Checked) -> Iterator[Finding]:
    base = checked.given.get("STRIPE_API_BASE")
    if base and (not base.startswith("https://") or "/sandbox/" in base):
        yield Finding("STRIPE_API_BASE", f"{base} is not Stripe: a real key goes to https addresses only")
    for name, starts in KEYS.items():
        if not checked.given.get(name, starts[0]).lstrip("\"'").startswith((*starts, *PUBLIC)):
            yield Finding(name, f"is none of Stripe's, which begin with {' or '.join(starts)}")
    keys = {name: _mode(checked.given.get(name, "")) for name in ("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY")}
    secret, publishable = keys.values()
    if secret and publishable and secret != publishable:
        yield Finding("STRIPE_PUBLISHABLE_KEY", f"is of {publishable} mode, STRIPE_SECRET_KEY of {secret} mode")


def _proxies_are_named(checked: Checked) -> Iterator[Finding]:
    """Where any peer is believed, each chooses the address that its requests and connections count as; where none is,
    all who come through a proxy share its address, and its limits."""
    hops, networks = (checked.given.get(f"GATEWAY_TRUSTED_{name}", "") for name in ("HOPS", "PROXIES"))
    if hops.strip() not in {"", "0"} and not networks.strip(" ,"):
        why = "is missing beside GATEWAY_TRUSTED_HOPS: whoever reaches the gateway could name any address as its own"
        yield Finding("GATEWAY_TRUSTED_PROXIES", why)
    if networks.strip(" ,") and hops.strip() in {"", "0"}:
        why = "is missing beside GATEWAY_TRUSTED_PROXIES: all clients behind the proxies would count as one address"
        yield Finding("GATEWAY_TRUSTED_HOPS", why)


def _nothing_is_quoted(checked: Checked) -> Iterator[Finding]:
    """A file that Docker or systemd reads is no shell's: quotes belong to the value there."""
    prefixes = (*OURS, *(f"{service.upper()}_" for service in SERVICES))
    for name, value in sorted(checked.given.items()):
        if name.startswith(prefixes) and len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            yield Finding(name, "is in quotes, which would be part of its value: leave them out")


def _mode(key: str) -> str | None:
    return next((mode for mode, starts in MODES.items() if key.startswith(starts)), None)


Check = Callable[[Checked], Iterator[Finding]]
STAND_IN_CHECKS: tuple[Check, ...] = (_stand_ins_stay_here,)
REAL_CHECKS: tuple[Check, ...] = (
    _nothing_is_quoted,
    _stripe_is_real,
    secret_findings,
    transport_findings,
    _proxies_are_named,
)
