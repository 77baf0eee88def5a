"""A person's text in a header stays text, whatever it looks like."""

import os
import random
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from aiosmtplib.email import extract_recipients, extract_sender, flatten_message

from services.notifications.channels.mail.message import make_message
from services.notifications.settings import Settings
from services.notifications.templates.domain import Email
from shared.records.ids import new_id
from shared.settings import SettingsError

NIL = UUID(int=0)
HELLO = Email("Hello", "text")
ROUNDS = int(os.environ.get("ESTUARY_FUZZ_SUBJECTS", "2000")) // 4
"""For each of four seeds: `ESTUARY_FUZZ_SUBJECTS=10000` is what a release is tried with."""
PIECES = [
    *("=?utf-8?q?=0D=0ABcc:_x@example.net?=", "=?", "?=", "=", "_", " ", " ", "  ", ".", '"', ",", ":", "<x@y>"),
    *("é", "静", "ß ", "\U0001f468\u200d\U0001f469", "\u202f", "\u00a0", "a", "word", "long" * 20),
]


def message_to(address: str, subject: str = "Hello", mail_id: UUID = NIL):
    return make_message(mail_id, "Estuary <estuary@example.org>", address, Email(subject, "text"))


def received(subject: str, mail_id: UUID):
    message = message_to("ana@example.org", subject, mail_id)
    return message_from_bytes(flatten_message(message), policy=policy.default)


@pytest.mark.parametrize("seed", range(4))
def test_random_subjects_come_out_as_they_went_in(seed: int):
    chance = random.Random(seed)
    for _ in range(ROUNDS):
        words = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 30)))
        subject = " ".join(words.split())
        if not subject:
            continue
        mail = received(subject, new_id())
        assert (mail.get_all("Subject"), mail["Bcc"], mail.get_content().strip()) == ([subject], None, "text")


def test_an_encoded_word_in_a_title_is_no_header():
    title = "=?utf-8?q?Yoga=0D=0AReply-To:_thief@example.net=0D=0A=0D=0APay_here?="
    mail = received(f"Booking confirmed: {title}", new_id())
    assert mail["Subject"] == f"Booking confirmed: {title}"
    assert mail["Reply-To"] is None
    assert mail.get_content().strip() == "text"


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?ana?=@example.org",
        "ana=?utf-8?q?x?=@example.org",
        "=?utf-8?q?ana=40example.net=3e_?=@example.org",
        "ana@example.org, bob@example.org",
        "Ana <ana@example.org>",
        "ana@example.org (home)",
    ],
)
def test_an_address_that_a_header_would_change_gets_no_mail(address: str):
    with pytest.raises(ValueError, match="address"):
        message_to(address)


@pytest.mark.parametrize(
    "address",
    ["ana@example.org", "O'Neil+tag=1@example.org", "zoë@example.org"],
)
def test_every_other_address_is_the_only_recipient_as_it_is_written(address: str):
    assert extract_recipients(message_to(address)) == [address]


@pytest.mark.parametrize(
    "sender",
    [
        *("Estuary", "Estuary <no-reply>", "Estuary <>", "a@b.example, c@d.example", "Acme, Inc. <a@b.example>"),
        *("Estuary <a@bücher.example>", "Estuary <a@b.example>\n", "Estuary <a@b.example>\r\nBcc: c@d.example"),
    ],
)
def test_what_is_not_one_sender_does_not_start(sender: str):
    with pytest.raises(SettingsError, match=r"^NOTIFICATIONS_MAIL_FROM: is not one sender"):
        Settings.of({"NOTIFICATIONS_MAIL_FROM": sender})


@pytest.mark.parametrize(
    "sender", ["a@localhost", "Bücher <a@b.example>", '"Acme, Inc." <a@b.example>', "Ämter, die lange Namen haben" * 3]
)
def test_a_sender_that_starts_is_the_one_of_every_mail(sender: str):
    sender = sender if "@" in sender else f'"{sender}" <a@b.example>'
    message = make_message(NIL, Settings.of({"NOTIFICATIONS_MAIL_FROM": sender}).mail_from, "ana@example.org", HELLO)
    parsed = message_from_bytes(flatten_message(message), policy=policy.default)
    assert extract_sender(message) == parsed["From"].addresses[0].addr_spec == sender.rpartition("<")[2].rstrip(">")


@pytest.mark.parametrize(
    ("address", "sent_to"),
    [
        ("mia@bücher.example", "mia@xn--bcher-kva.example"),
        ("mia@BÜCHER.example", "mia@xn--bcher-kva.example"),
        ("用户@例子.test", "用户@xn--fsqu00a.test"),
    ],
)
def test_a_domain_beyond_ascii_is_written_as_mail_servers_know_it(address: str, sent_to: str):
    assert extract_recipients(message_to(address)) == [sent_to]
