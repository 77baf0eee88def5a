"""The currency of the install is that of its first start."""

import pytest
from fastapi import FastAPI

from services.payments.install.service import keep_currency
from services.payments.runtime import PaymentsRuntime
from shared.settings import SettingsError


async def test_every_later_start_has_the_currency_of_the_first(runtime: PaymentsRuntime) -> None:
    for currency in ("EUR", "EUR"):
        await keep_currency(runtime.db, currency)
    with pytest.raises(SettingsError, match=r"^ESTUARY_CURRENCY: .*EUR since its first start, not USD$"):
        await keep_currency(runtime.db, "USD")
    await keep_currency(runtime.db, "EUR")


async def test_the_service_does_not_start_with_another_one(app: FastAPI, runtime: PaymentsRuntime) -> None:
    await keep_currency(runtime.db, "EUR")
    with pytest.raises(SettingsError, match="ESTUARY_CURRENCY"):
        async with app.router.lifespan_context(app):
            pass
