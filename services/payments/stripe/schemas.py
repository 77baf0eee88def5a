"""Stripe's ids in bodies."""

from typing import Annotated

from pydantic import StringConstraints

StripeId = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255, pattern=r"^[A-Za-z0-9_]+$")]
