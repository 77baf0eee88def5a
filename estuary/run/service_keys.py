"""The keys with which services sign their calls: given by the operator, or derived from one secret."""

from collections.abc import Iterable, Mapping, Sequence

from estuary.services import PROCESSES
from estuary.settings import EstuarySettings
from shared.auth.service_tokens import BadKey, ServiceTokens, derived_key, new_key, public_half
from shared.settings import SettingsError

PUBLIC = "ESTUARY_SERVICE_KEYS"


def variable(name: str) -> str:
    """Which variable holds that service's own key."""
    return f"{name.upper()}_SERVICE_KEY"


def tokens_of(name: str, settings: EstuarySettings, env: Mapping[str, str]) -> ServiceTokens:
    """The tokens of a process of that name; raises SettingsError for the first key that is missing or bad.

    ESTUARY_SERVICE_KEYS decides: without it, and with the sandbox alone, all keys follow from ESTUARY_SERVICE_KEY.
    """
    if settings.service_keys:
        return given(name, env.get(variable(name), ""), settings.service_keys)
    if not settings.stand_ins:
        raise SettingsError(
            f"{PUBLIC}: with a real Stripe key each service has a key of its own; `estuary service-keys` prints a set"
        )
    if not settings.service_key:
        raise SettingsError("ESTUARY_SERVICE_KEY: a process of its own needs it; `estuary up` runs everything without")
    return derived(name, settings.service_key)


def given(name: str, own: str, public: str) -> ServiceTokens:
    """The tokens of a process with a key of its own; SettingsError for what does not fit together."""
    known = public_halves(public)
    try:
        fits = bool(own) and public_half(own) in known.get(name, ())
    except BadKey as error:
        raise SettingsError(f"{variable(name)}: {error}") from None
    if not fits:
        reason = "its public half is not there" if own else "needed beside it"
        raise SettingsError(f"{variable(name)}: {reason} ({PUBLIC}); `estuary service-keys {name}` prints a new one")
    return ServiceTokens(name, own, known)


def public_halves(text: str) -> dict[str, list[str]]:
    """What ESTUARY_SERVICE_KEYS says: the public halves of each service. Raises SettingsError."""
    found: dict[str, list[str]] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, keys = (piece.strip() for piece in part.partition("="))
        if name not in PROCESSES:
            raise SettingsError(f"{PUBLIC}: there is no service {name[:40]}; there are {', '.join(PROCESSES)}")
        found[name] = [key.strip() for key in keys.split("|")]
        _check(name, found[name])
    return found


def _check(name: str, keys: Iterable[str]) -> None:
    for key in keys:
        try:
            ServiceTokens(name, new_key(), {name: [key]})
        except (BadKey, ValueError) as error:
            raise SettingsError(f"{PUBLIC}: the key of {name} {error}") from None


def derived(name: str, secret: str) -> ServiceTokens:
    """The tokens of that process where one secret serves all."""
    return ServiceTokens(name, derived_key(secret, name), {one: [_derived_half(secret, one)] for one in PROCESSES})


def derived_environment(name: str, secret: str) -> dict[str, str]:
    """The same as variables: its own key, and everybody's public half."""
    halves = ",".join(f"{one}={_derived_half(secret, one)}" for one in PROCESSES)
    return {variable(name): derived_key(secret, name), PUBLIC: halves}


def fresh(names: Sequence[str]) -> list[str]:
    """A new key of each as lines of a settings file, then their public halves as one. Raises SettingsError."""
    if unknown := [name for name in names if name not in PROCESSES]:
        raise SettingsError(f"there is no service {unknown[0]}; there are {', '.join(PROCESSES)}")
    keys = {name: new_key() for name in names}
    halves = ",".join(f"{name}={public_half(key)}" for name, key in keys.items())
    return [*(f"{variable(name)}={key}" for name, key in keys.items()), f"{PUBLIC}={halves}"]


def _derived_half(secret: str, name: str) -> str:
    return public_half(derived_key(secret, name))
