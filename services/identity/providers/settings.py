"""The settings of sign-in providers, part of identity's."""

from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from shared.settings import SealingSettings

OWN_NAMES = {"google", "apple", "facebook", "token", "resolve", "link"}
ADDRESS = r"^(https://|http://(localhost|127\.0\.0\.1|\[::1\])(:|/|$))[^\s]*$"


class OidcProvider(BaseModel):
    """A provider of OpenID Connect that the operator names; `trust_email`: its word on addresses counts as proof."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,29}$")]
    title: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    issuer: Annotated[str, StringConstraints(pattern=ADDRESS, max_length=300)]
    client_id: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    client_secret: SecretStr
    trust_email: bool = False


PROVIDERS = TypeAdapter(list[OidcProvider])


class ProviderSettings(SealingSettings):
    """Without keys of its own a provider is that of the sandbox; with real settings it is not offered then."""

    public_url: str = Field(
        default="http://localhost:8000",
        validation_alias="ESTUARY_PUBLIC_URL",
        pattern=r"^https?://",
        description="Where the gateway is reached: its host name binds passkeys, providers send browsers back there",
    )
    google_client_id: str = ""
    google_client_secret: SecretStr | None = None
    apple_client_id: str = Field(default="", description="The Services ID")
    apple_client_secret: SecretStr | None = Field(
        default=None, description="The private key (.p8) that signs the secret, with team and key id; or a ready secret"
    )
    apple_team_id: str = ""
    apple_key_id: str = ""
    facebook_client_id: str = ""
    facebook_client_secret: SecretStr | None = None
    oidc_providers: str = Field(default="", description="JSON: [{name, title, issuer, client_id, client_secret, ..}]")
    redirect_uris: str = Field(default="", description="Where apps may be sent back to, with commas between")
    sandbox_base: str = Field(default="", description="Where this process reaches the providers of the sandbox")

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, given: str) -> str:
        return given.rstrip("/")

    @field_validator("oidc_providers")
    @classmethod
    def _are_providers(cls, given: str) -> str:
        names = [one.name for one in _parsed(given)]
        for name in names:
            if name in OWN_NAMES or names.count(name) > 1:
                raise ValueError(f"{name} is the name of another provider")
        return given

    @model_validator(mode="after")
    def _keys_are_whole(self) -> Self:
        for name in ("google", "apple", "facebook"):
            client_id, secret = getattr(self, f"{name}_client_id"), getattr(self, f"{name}_client_secret")
            if bool(client_id) != bool(secret):
                raise ValueError(f"IDENTITY_{name.upper()}_CLIENT_ID and _CLIENT_SECRET are given together")
        if self.signs_for_apple and not (self.apple_team_id and self.apple_key_id):
            raise ValueError("IDENTITY_APPLE_TEAM_ID and IDENTITY_APPLE_KEY_ID are needed to sign Apple's secret")
        return self

    @property
    def signs_for_apple(self) -> bool:
        """Whether Apple's secret is signed here, by the key that is given."""
        secret = self.apple_client_secret
        return secret is not None and secret.get_secret_value().startswith("-----BEGIN")

    @property
    def named_providers(self) -> list[OidcProvider]:
        """`oidc_providers`."""
        return _parsed(self.oidc_providers)

    @property
    def allowed_redirects(self) -> frozenset[str]:
        """`redirect_uris`."""
        return frozenset(part.strip() for part in self.redirect_uris.split(",") if part.strip())


def _parsed(given: str) -> list[OidcProvider]:
    if not given:
        return []
    try:
        return PROVIDERS.validate_json(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
