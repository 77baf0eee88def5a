"""The providers as one ASGI app, to be mounted at /sandbox/oidc."""

from starlette.applications import Starlette
from starlette.routing import Mount

from estuary.sandbox.oidc.acme import Acme
from estuary.sandbox.oidc.apple import Apple
from estuary.sandbox.oidc.facebook import Facebook
from estuary.sandbox.oidc.google import Google
from estuary.sandbox.oidc.grants import Grants
from estuary.sandbox.oidc.keys import stored_keys
from estuary.sandbox.oidc.openid import OpenIdProvider
from estuary.sandbox.oidc.provider import Client, Provider
from estuary.sandbox.settings import SandboxSettings
from services.identity.providers.sandbox import CLIENTS, apple_key
from shared.database.session import Database

PROVIDERS: tuple[type[Provider], ...] = (Google, Apple, Facebook, Acme)


class SignInProviders:
    """All of them; each knows one client, which is Estuary."""

    def __init__(self, db: Database, settings: SandboxSettings) -> None:
        """Opens nothing until `start`."""
        self._db, self._public = db, settings.install
        self.providers = [self._made(kind) for kind in PROVIDERS]
        self.app = Starlette(routes=[Mount(f"/{one.name}", routes=one.routes()) for one in self.providers])
        self.app.router.redirect_slashes = False

    def _made(self, kind: type[Provider]) -> Provider:
        client_id, secret = CLIENTS[kind.name]
        callback = f"{self._public}/api/v1/auth/social/{kind.name}/callback/"
        issuer = f"{self._public}/sandbox/oidc/{kind.name}"
        return kind(issuer, Client(client_id, secret, callback), Grants(self._db, kind.name))

    async def start(self) -> None:
        """Reads the keys; the first start makes them."""
        keys = await stored_keys(self._db)
        for provider in self.providers:
            if isinstance(provider, OpenIdProvider):
                provider.key = keys[provider.name]
            if isinstance(provider, Apple):
                provider.client_key = apple_key()
