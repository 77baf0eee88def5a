"""Errors of mail."""

import asyncio

import aiosmtplib

SMTP_ERRORS = (aiosmtplib.SMTPException, OSError, asyncio.IncompleteReadError)
"""What a connection to the mail server may raise."""


class MailNotSent(Exception):
    """The server did not take the mail; `permanent` when another attempt cannot help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class MailVoid(Exception):
    """The service that asked for the mail does not want it sent any more."""
