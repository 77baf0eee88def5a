"""Foreign addresses: what is refused by its writing, what when it is dialled, and what comes back."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from ipaddress import ip_address

import pytest

from shared.errors import AppError
from shared.outside import AddressNotAllowed, NoAnswer, Outside, is_public, private_hosts

OUTSIDE = Outside(private_hosts("10.0.0.7:8080, hooks.internal:80"))


class TestCheck:
    @pytest.mark.parametrize(
        "address",
        [
            *("https://example.com/hook", "https://example.com:8443/a?b=c", "https://93.184.216.34/"),
            *("https://[2606:2800:220:1:248:1893:25c8:1946]/", "https://xn--bcher-kva.example/"),
            *("https://example.com./", "https://1.1.1.1.nip.example/", "https://0x.example/"),
            *("http://10.0.0.7:8080/hook", "http://hooks.internal/", "https://10.0.0.7:8080/"),
        ],
    )
    def test_public_addresses_by_https_and_what_the_operator_lists(self, address):
        OUTSIDE.check(address)

    @pytest.mark.parametrize(
        "address",
        [
            *("http://example.com/", "ftp://example.com/", "https:///x", "https://", "example.com", "", "https://a b/"),
            *("https://user@example.com/", "https://user:pass@example.com/", "https://example.com/#x"),
            *("https://localhost/", "https://a.localhost/", "https://printer.local/", "https://db.internal/"),
            *("https://intranet/", "https://127.0.0.1/", "https://10.0.0.7/", "https://192.168.1.1/", "https://[::1]/"),
            *("https://169.254.169.254/latest/", "https://[fd00::1]/", "https://[fe80::1]/", "https://0.0.0.0/"),
            *("https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/"),
            *(
                "https://2130706433/",
                "https://0x7f.1/",
                "https://127.1/",
                "https://1.2.3/",
                "https://example.com:99999/",
            ),
            *("https://exa%6dple.com/", "https://example.com\\@10.0.0.1/", "https://bücher.example/", "https://\n/"),
            *(
                "https://127.0.0.0x1/",
                "https://1.0x/",
                "https://a.b.0x7f/",
                "https://x.local./",
                "https://a.internal./",
            ),
            *("https://example.com:0/", "https://[v1.x]/", "https://a..example.com/", "https://-a.example.com/"),
            "https://example.com/" + "x" * 2000,
        ],
    )
    def test_all_else_is_refused(self, address):
        with pytest.raises(AddressNotAllowed) as refused:
            OUTSIDE.check(address, field="url")
        assert (refused.value.status, refused.value.errors[0].code) == (422, "address_not_allowed")

    @pytest.mark.parametrize(
        "address",
        [
            *("224.0.0.1", "240.0.0.1", "100.64.0.1", "198.18.0.1", "::", "ff02::1", "2001::1"),
            *("fec0::1", "3fff::1", "192.0.0.8", "192.88.99.1", "::ffff:192.0.0.8"),
        ],
    )
    def test_what_nobody_on_the_internet_has(self, address):
        assert not is_public(ip_address(address))

    @pytest.mark.parametrize("listed", ["host", "host:port", "host:1/path", "host:99999"])
    def test_a_bad_list_is_refused(self, listed):
        with pytest.raises(ValueError, match=r"."):
            private_hosts(listed)


@pytest.fixture
async def server(free_port: int) -> AsyncIterator[list[bytes]]:
    """Answers what `answer` says; the requests that came."""
    came: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.readuntil(b"\r\n\r\n"))
        if b"/silent" in came[-1]:
            await asyncio.sleep(30)
        moved = b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"
        large = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + b"x" * 200_000
        writer.write(moved if b"/moved" in came[-1] else large)
        writer.close()

    running = await asyncio.start_server(handle, "127.0.0.1", free_port)
    yield came
    running.close()


class TestPost:
    async def test_follows_no_redirect_and_reads_no_endless_answer(self, server, free_port):
        outside = Outside(private_hosts(f"127.0.0.1:{free_port}"))
        base = f"http://127.0.0.1:{free_port}"
        assert (await outside.post(f"{base}/moved", {"a": "b"})).status == 302
        answered = await outside.post(f"{base}/large?x=%2F", {"a": "b"})
        assert (answered.status, len(answered.body) <= 64 * 1024) == (200, True)
        assert [line.split(b"\r\n")[0] for line in server] == [b"POST /moved HTTP/1.1", b"POST /large?x=%2F HTTP/1.1"]

    async def test_who_is_silent_or_away_has_not_answered(self, server, free_port, monkeypatch):
        monkeypatch.setattr("shared.outside.DEADLINE_SECONDS", 0.3)
        outside = Outside(private_hosts(f"127.0.0.1:{free_port},127.0.0.1:1"))
        for address in (f"http://127.0.0.1:{free_port}/silent", "http://127.0.0.1:1/"):
            with pytest.raises(NoAnswer):
                await outside.post(address, {})

    @pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:10.0.0.1"]])
    async def test_a_name_that_leads_inside_is_not_dialled(self, monkeypatch, found):
        def getaddrinfo(*_: object, **__: object) -> list[object]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in found]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        with pytest.raises(AppError) as refused:
            await Outside().post("https://rebound.example.com/", {})
        assert refused.value.code == "address_not_allowed"

    async def test_names_that_are_looked_up_slowly_hold_nothing_else_up(self, monkeypatch):
        answer = threading.Event()

        def getaddrinfo(*_: object, **__: object) -> list[object]:
            answer.wait()
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr("shared.outside.DEADLINE_SECONDS", 0.3)
        addresses = [f"https://slow{number}.example.com/" for number in range(50)]
        try:
            found = await asyncio.gather(*(Outside().post(one, {}) for one in addresses), return_exceptions=True)
            async with asyncio.timeout(20):
                assert await asyncio.to_thread(abs, -1) == 1
        finally:
            answer.set()
        assert {type(error) for error in found} == {NoAnswer}
