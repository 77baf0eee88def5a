"""What identity's use cases are given beyond the common Runtime."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from services.identity.accounts.passwords import Passwords
from services.identity.keys.keyring import Keyring
from services.identity.providers.registry import Providers
from services.identity.settings import IdentitySettings
from shared.database.sealing import Sealing
from shared.outside import Outside
from shared.runtime import Runtime
from shared.web.http import runtime_of


@dataclass(frozen=True)
class IdentityRuntime(Runtime):
    """`refresh_key` derives the successors of refresh tokens, `mail_token_key` the tokens in mails, `social_key` what
    belongs to the state of a social sign-in, `form_key` what shows that a form came from our own page."""

    settings: IdentitySettings
    passwords: Passwords
    keyring: Keyring
    sealing: Sealing
    refresh_key: bytes
    mail_token_key: bytes
    social_key: bytes
    form_key: bytes
    providers: Providers
    outside: Outside


Rt = Annotated[IdentityRuntime, Depends(runtime_of)]
