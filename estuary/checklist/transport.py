"""The checklist on connections: TLS to Postgres, Kafka, Valkey and the mail server, unless they are on this machine."""

from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from estuary.checklist.findings import Checked, Finding, is_loopback, is_readable
from shared.messaging.kafka.security import KafkaSecurity
from shared.settings import SettingsError

TLS_MODES = {"require", "verify-ca", "verify-full"}
OR_INSECURE = "or name it in ESTUARY_INSECURE"


def transport_findings(checked: Checked) -> Iterator[Finding]:
    """Each connection on which others could read or change what is sent."""
    for name, url in checked.databases():
        yield from _postgres(checked, name, url)
    yield from _kafka(checked)
    yield from _mail(checked)
    yield from _redis(checked)


def _postgres(checked: Checked, name: str, url: str) -> Iterator[Finding]:
    query = parse_qs(urlsplit(url).query)
    if "ssl" in query:
        yield Finding(name, "TLS is spelled sslmode= here, for both drivers; ssl= is not understood")
        return
    away = [host for host in _hosts(url, query) if not host.startswith("/") and not is_loopback(host)]
    if "postgres" in checked.settings.insecure_names or not away:
        return
    mode = query.get("sslmode", ["prefer"])[-1]
    if mode not in TLS_MODES:
        yield Finding(
            name, f"{away[0]} is reached with sslmode={mode}: add sslmode=verify-full, {OR_INSECURE}=postgres"
        )


def _hosts(url: str, query: dict[str, list[str]]) -> list[str]:
    """Every host, of the address or of its `host=`; a path is the folder of a socket, none is this machine."""
    if "host" in query:
        return [host for hosts in query["host"] for host in hosts.split(",")]
    hosts = urlsplit(url).netloc.rpartition("@")[2]
    return [_without_port(unquote(host)) for host in hosts.split(",") if host]


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0].strip("[")
    return host if host.startswith("/") else host.rpartition(":")[0] or host


def _kafka(checked: Checked) -> Iterator[Finding]:
    try:
        security = KafkaSecurity.of(checked.given)
    except SettingsError as error:
        name, _, why = str(error).partition(": ")
        yield Finding(name, why)
        return
    away = [one for one in map(str.strip, checked.settings.kafka.split(",")) if not is_loopback(_without_port(one))]
    if checked.settings.kafka and away and not security.encrypted and "kafka" not in checked.settings.insecure_names:
        why = f"{security.protocol} is in the clear, and {away[0]} is elsewhere: SSL or SASL_SSL, {OR_INSECURE}=kafka"
        yield Finding("KAFKA_SECURITY_PROTOCOL", why)


def _mail(checked: Checked) -> Iterator[Finding]:
    url = checked.mail_server()
    if url is None:
        if "notifications" in checked.parts and "SMTP_URL" not in checked.given:
            yield Finding("SMTP_URL", "is missing, so that no mail would leave")
        return
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    if host == "sandbox":
        yield Finding("SMTP_URL", "is the sandbox, from which no mail leaves")
    elif parts.scheme == "smtp" and not is_loopback(host) and "smtp" not in checked.settings.insecure_names:
        yield Finding("SMTP_URL", f"{host} is reached in the clear: smtps:// or smtp+starttls://, {OR_INSECURE}=smtp")


def _redis(checked: Checked) -> Iterator[Finding]:
    url = checked.given.get("REDIS_URL", "")
    if not is_readable(url):
        return  # the gateway refuses it by itself
    parts = urlsplit(url)
    in_clear = parts.scheme in {"redis", "valkey"} and not is_loopback(parts.hostname or "localhost")
    if in_clear and "redis" not in checked.settings.insecure_names:
        yield Finding("REDIS_URL", f"{parts.hostname} is reached in the clear: rediss://, {OR_INSECURE}=redis")
