"""TLS to Postgres in one spelling, `sslmode=`, whichever way the connection is opened."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from shared.database.connections import plain_url
from shared.database.session import Database
from shared.messaging.kafka.security import KafkaSecurity
from shared.records.clock import SystemClock, machine_now
from shared.settings import SettingsError

SSL_REQUEST = 8


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for `localhost` that it has signed itself, and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = machine_now()
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    public, private = folder / "localhost.pem", folder / "localhost.key"
    public.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return public, private


class TlsFront:
    """In front of a Postgres on a socket: speaks TLS to whoever asks for it, and counts who did not."""

    def __init__(self, socket: Path, public: Path, private: Path) -> None:
        self.socket, self.encrypted, self.clear = socket, 0, 0
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(public, private)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(SSL_REQUEST)
        if first[4:] == (80877103).to_bytes(4):
            writer.write(b"S")
            await writer.start_tls(self.context)
            self.encrypted += 1
            first = b""
        else:
            self.clear += 1
        behind, before = await asyncio.open_unix_connection(str(self.socket))
        before.write(first)
        await asyncio.gather(pump(reader, before), pump(behind, writer))


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


@pytest.fixture
async def front(databases, tmp_path: Path) -> AsyncIterator[tuple[TlsFront, str, Path]]:
    """The front, a URL of a migrated database behind it without sslmode, and the certificate."""
    url = await databases.clone("toy")
    socket = Path(parse_qs(urlsplit(url).query)["host"][0]) / ".s.PGSQL.5432"
    public, private = certificate(tmp_path)
    front = TlsFront(socket, public, private)
    server = await asyncio.start_server(front.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    user, name = urlsplit(url).username, urlsplit(url).path
    yield front, f"postgresql+asyncpg://{user}@localhost:{port}{name}", public
    server.close()
    await databases.drop(url)


async def through_sqlalchemy(url: str) -> None:
    db = Database(url, schema="toy", clock=SystemClock(), pool_size=1)
    try:
        await db.ping()
    finally:
        await db.close()


async def through_asyncpg(url: str) -> None:
    connection = await asyncpg.connect(plain_url(url), timeout=10)
    await connection.close()


@pytest.mark.parametrize("connect", [through_sqlalchemy, through_asyncpg])
class TestPostgres:
    async def test_the_certificate_is_checked_by_either_driver(self, front, connect):
        server, url, public = front
        await connect(f"{url}?sslmode=verify-full&sslrootcert={public}")
        assert (server.encrypted, server.clear) == (1, 0)

    async def test_an_unknown_certificate_is_refused(self, front, connect, tmp_path):
        (tmp_path / "other").mkdir()
        other, _ = certificate(tmp_path / "other")
        with pytest.raises(ssl.SSLError):
            await connect(f"{front[1]}?sslmode=verify-full&sslrootcert={other}")

    async def test_required_without_a_check_is_encrypted_too(self, front, connect):
        server, url, _ = front
        await connect(f"{url}?sslmode=require")
        assert (server.encrypted, server.clear) == (1, 0)

    async def test_disabled_is_in_the_clear(self, front, connect):
        server, url, _ = front
        await connect(f"{url}?sslmode=disable")
        assert (server.encrypted, server.clear) == (0, 1)


class TestKafka:
    def test_nothing_is_added_in_the_clear(self):
        assert KafkaSecurity.of({}).options == {}

    def test_a_name_and_a_password_over_tls(self, tmp_path: Path):
        public, _ = certificate(tmp_path)
        env = {
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_SASL_USERNAME": "estuary",
            "KAFKA_SASL_PASSWORD": "secret",
            "KAFKA_CA_FILE": str(public),
        }
        options = dict(KafkaSecurity.of(env).options)
        context = options.pop("ssl_context")
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert [dict(one["subject"][0])["commonName"] for one in context.get_ca_certs()] == ["localhost"]
        assert options == {
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": "estuary",
            "sasl_plain_password": "secret",
        }

    def test_a_file_without_certificates_is_refused(self, tmp_path: Path):
        (tmp_path / "empty.pem").write_text("nothing")
        for name in ("empty.pem", "absent.pem"):
            with pytest.raises(SettingsError, match="KAFKA_CA_FILE"):
                KafkaSecurity.of({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CA_FILE": str(tmp_path / name)})
