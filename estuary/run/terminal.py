"""What a person at the terminal reads."""

import sys

from estuary.settings import EstuarySettings

BANNER = """
Estuary is ready: {address}      (in {seconds:.1f} s; Ctrl-C ends it, the data stay in {home})

  API and documentation   {address}/docs
{stand_ins}
Try first:  curl {address}/api/v1/services/
            make demo        (in another terminal: the main job, step by step)
"""
STAND_INS = """  mails that were sent    {address}/sandbox/mail/
  Stripe's side           {address}/sandbox/stripe/v1/  (key sk_test_estuary)
{accounts}"""
ACCOUNTS = """  demo accounts           {emails}
                          password: estuary-demo
"""


def banner(settings: EstuarySettings, emails: list[str], seconds: float) -> str:
    """What a newcomer needs to know."""
    accounts = ACCOUNTS.format(emails=", ".join(emails)) if emails else ""
    stand_ins = STAND_INS.format(address=settings.address, accounts=accounts) if settings.stand_ins else ""
    home = settings.home.resolve()
    return BANNER.format(address=settings.address, seconds=seconds, home=home, stand_ins=stand_ins)


def say(line: str) -> None:
    """One line for the person at the terminal."""
    print(f"  {line}", file=sys.stdout, flush=True)
