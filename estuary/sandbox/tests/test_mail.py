"""Mail over real SMTP, kept as files, shown to people and tests."""

from contextlib import AsyncExitStack
from email.message import EmailMessage

import aiosmtplib
import orjson


async def send(sandbox, subject, text="Hello\n", to="client@estuary.example"):
    """Sends a mail as the notifications service does."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Estuary <no-reply@estuary.example>", to, subject
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="booking.ics")
    await aiosmtplib.send(message, hostname="127.0.0.1", port=sandbox.app.state.smtp.port)


class TestMail:
    async def test_newest_first_as_json(self, sandbox):
        await send(sandbox, "First")
        await send(sandbox, "Zweite: Übung", "Für dich: €\n.\n..two")
        for path in ("/sandbox/mail/", "/sandbox/mail"):
            status, _, text = await sandbox.get(sandbox.address + path, Accept="application/json")
            assert status == 200
            mails = orjson.loads(text)
            assert [mail["subject"] for mail in mails] == ["Zweite: Übung", "First"]
            assert set(mails[0]) == {"to", "subject", "text", "sent_at", "html", "headers", "attachments"}
            assert mails[0]["html"].startswith("<p>Für dich")
            assert mails[0]["headers"]["From"] == "Estuary <no-reply@estuary.example>"
            assert mails[0]["headers"]["Subject"] == "Zweite: Übung"
            assert mails[0]["attachments"] == [
                {"filename": "booking.ics", "content_type": "text/calendar", "text": "BEGIN:VCALENDAR"}
            ]
            assert mails[0]["to"] == "client@estuary.example"
            assert mails[0]["text"].replace("\r\n", "\n") == "Für dich: €\n.\n..two"
            assert mails[0]["sent_at"].endswith("Z")

    async def test_a_malformed_header_hides_no_mail(self, sandbox):
        await send(sandbox, "Before")
        raw = b'From: <\r\nReply-To: "\r\nSubject: Odd\r\nMessage-ID: <]\r\n\r\nbody \xff\r\n'
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=sandbox.app.state.smtp.port) as client:
            await client.sendmail("a@estuary.example", ["client@estuary.example"], raw)
        status, _, text = await sandbox.get(sandbox.address + "/sandbox/mail/", Accept="application/json")
        assert status == 200
        odd, before = orjson.loads(text)
        assert (odd["to"], odd["subject"], odd["text"]) == ("client@estuary.example", "Odd", "body \ufffd")
        assert before["subject"] == "Before"

    async def test_the_page_escapes_everything(self, sandbox):
        await send(sandbox, "<script>alert(1)</script>", "<img src=x onerror=alert(2)>")
        status, headers, text = await sandbox.get(f"{sandbox.address}/sandbox/mail/", Accept="text/html")
        assert status == 200
        assert "&lt;script&gt;" in text
        assert "<script" not in text
        assert "<img" not in text
        assert "script-src" not in headers["content-security-policy"]

    async def test_mails_survive_a_restart(self, start):
        async with AsyncExitStack() as stack:
            sandbox = await start(stack)
            await send(sandbox, "Kept")
            runtime = sandbox.runtime
        async with AsyncExitStack() as stack:
            sandbox = await start(stack, runtime)
            await send(sandbox, "New")
            _, _, text = await sandbox.get(f"{sandbox.address}/sandbox/mail/", Accept="application/json")
            assert [mail["subject"] for mail in orjson.loads(text)] == ["New", "Kept"]
