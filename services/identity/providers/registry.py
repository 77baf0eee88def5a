"""Which providers an install has: those with keys, those that the operator names, and those of the sandbox."""

from collections.abc import Iterator, Mapping

from services.identity.providers.apple import AppleProvider, AppleSigner
from services.identity.providers.domain import Trust
from services.identity.providers.facebook import FacebookProvider
from services.identity.providers.openid import OpenIdProvider, ProviderConfig
from services.identity.providers.sandbox import APPLE_KEY_ID, APPLE_TEAM_ID, CLIENTS, TITLES, apple_pem
from services.identity.providers.settings import ProviderSettings
from services.identity.providers.transport import ProviderTransport
from shared.errors import NotFound

Provider = OpenIdProvider | FacebookProvider
ISSUERS = {"google": "https://accounts.google.com", "apple": "https://appleid.apple.com"} | {
    "facebook": "https://www.facebook.com"
}
GRAPH = "https://graph.facebook.com"
TRUST = {"google": Trust.GOOGLE, "apple": Trust.SAYS_SO}
SCOPES = {"apple": "name email", "facebook": "email,public_profile"}


class Providers:
    """By name, in the order in which they are shown."""

    def __init__(self, settings: ProviderSettings) -> None:
        """Asks none of them yet."""
        public = f"{settings.public_url}/sandbox/oidc"
        sandbox = (public, settings.sandbox_base.rstrip("/") or public) if settings.stand_ins else None
        self._transport = ProviderTransport(sandbox)
        self._all = {one.config.name: one for one in self._made(settings)}

    def get(self, name: str) -> Provider:
        """That provider; raises NotFound."""
        provider = self._all.get(name)
        if provider is None:
            raise NotFound("There is no such provider.")
        return provider

    def titles(self) -> Mapping[str, str]:
        """How each is called, by name."""
        return {name: provider.config.title for name, provider in self._all.items()}

    async def close(self) -> None:
        """Closes the connections."""
        await self._transport.close()

    def _made(self, settings: ProviderSettings) -> Iterator[Provider]:
        named = {one.name for one in settings.named_providers}
        for name, title in TITLES.items():
            if getattr(settings, f"{name}_client_id", ""):
                yield self._provider(_real(settings, name, title), settings, GRAPH)
            elif settings.stand_ins and name not in named:
                config = _of_sandbox(settings, name, title)
                yield self._provider(config, settings, config.issuer)
        for one in settings.named_providers:
            secret, callback = one.client_secret.get_secret_value(), callback_of(settings, one.name)
            email_trust = Trust.SAYS_SO if one.trust_email else Trust.NEVER
            config = ProviderConfig(one.name, one.title, one.issuer, one.client_id, secret, callback, email_trust)
            yield OpenIdProvider(config, self._transport)

    def _provider(self, config: ProviderConfig, settings: ProviderSettings, graph: str) -> Provider:
        if config.name == "apple":
            return AppleProvider(config, self._transport, _signer(settings))
        if config.name == "facebook":
            return FacebookProvider(config, self._transport, graph)
        return OpenIdProvider(config, self._transport)


def callback_of(settings: ProviderSettings, name: str) -> str:
    """Where that provider sends browsers back to: it is registered there so."""
    return f"{settings.public_url}/api/v1/auth/social/{name}/callback/"


def _real(settings: ProviderSettings, name: str, title: str) -> ProviderConfig:
    client_id, secret = getattr(settings, f"{name}_client_id"), getattr(settings, f"{name}_client_secret")
    return _config(settings, name, title, ISSUERS[name], (client_id, secret.get_secret_value()))


def _of_sandbox(settings: ProviderSettings, name: str, title: str) -> ProviderConfig:
    return _config(settings, name, title, f"{settings.public_url}/sandbox/oidc/{name}", CLIENTS[name])


def _config(settings: ProviderSettings, name: str, title: str, issuer: str, client: tuple[str, str]) -> ProviderConfig:
    email_trust, scope = TRUST.get(name, Trust.NEVER), SCOPES.get(name, "openid email profile")
    return ProviderConfig(name, title, issuer, *client, callback_of(settings, name), email_trust, scope)


def _signer(settings: ProviderSettings) -> AppleSigner | None:
    if not settings.apple_client_id:
        return AppleSigner(APPLE_TEAM_ID, APPLE_KEY_ID, apple_pem())
    if not settings.signs_for_apple or settings.apple_client_secret is None:
        return None
    pem = settings.apple_client_secret.get_secret_value()
    return AppleSigner(settings.apple_team_id, settings.apple_key_id, pem)
