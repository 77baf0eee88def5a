"""Calls to the services that ask for mails."""

from uuid import UUID

from services.notifications.channels.mail.errors import MailVoid
from shared.errors import NotFound
from shared.internal.identity import MAIL_TOKEN, InternalMail
from shared.peers import Peers


async def fetch_token_mail(peers: Peers, mail_token_id: UUID) -> InternalMail:
    """To whom identity's mail goes, and its token; raises MailVoid where it is not due any more, or Unavailable."""
    try:
        return await peers.ask(MAIL_TOKEN, mail_token_id=mail_token_id)
    except NotFound:
        raise MailVoid from None
