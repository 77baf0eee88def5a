"""`estuary check`: the checklist for the operator, with what only the database knows."""

from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError

from estuary.checklist.check import check
from estuary.checklist.findings import Finding, is_readable
from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from estuary.staff import identity
from services.identity.accounts.demo import demand_no_demo_accounts
from shared.settings import SettingsError

SAFE = {True: "no unsafe setting; with the sandbox nothing else is checked", False: "no unsafe setting"}


async def report(settings: EstuarySettings, env: Mapping[str, str]) -> int:
    """Prints a line for each unsafe setting, and how many there are; returns that.

    An operator's command is given all settings, or few where the Stripe key is payments' alone. The database is asked
    if it can be reached.
    """
    findings = check(settings, env, *((*SERVICES, "gateway") if settings.stand_ins_allowed else ()))
    asked = is_readable(settings.database_url) and (settings.database_url or settings.data.exists())
    if asked and not settings.stand_ins:
        findings += await _demo_accounts(settings)
    for found in findings:
        print(found)
    print(f"{len(findings)} unsafe settings" if findings else SAFE[settings.stand_ins])
    return len(findings)


async def _demo_accounts(settings: EstuarySettings) -> list[Finding]:
    try:
        async with identity(settings) as session:
            await demand_no_demo_accounts(session)
    except DBAPIError:
        return []  # nothing was migrated yet
    except SettingsError as error:
        name, _, why = str(error).partition(": ")
        return [Finding(name, why)]
    return []
