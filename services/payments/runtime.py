"""The Runtime of payments: what every service has, and Stripe."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from services.payments.settings import PaymentsSettings
from services.payments.stripe.gateway import StripeGateway
from shared.runtime import Runtime
from shared.web.http import runtime_of


@dataclass(frozen=True)
class PaymentsRuntime(Runtime):
    """Adds the provider and the settings; made in `create_app`."""

    stripe: StripeGateway
    settings: PaymentsSettings


Rt = Annotated[PaymentsRuntime, Depends(runtime_of)]
