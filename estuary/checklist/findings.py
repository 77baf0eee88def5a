"""What the checklist looks at, and what it finds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from estuary.settings import EstuarySettings
from shared.settings import demand_readable


@dataclass(frozen=True, slots=True)
class Finding:
    """One setting that is not safe, and why."""

    name: str
    why: str

    def __str__(self) -> str:
        """The line for the operator."""
        return f"{self.name}: {self.why}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A process: the install's settings, the variables that it was given, and the services that it runs."""

    settings: EstuarySettings
    given: Mapping[str, str]
    parts: frozenset[str]

    def databases(self) -> Iterator[tuple[str, str]]:
        """The variables with the address of a database that can be read."""
        return ((name, url) for name, url in self.addresses() if name != "SMTP_URL" and is_readable(url))

    def mail_server(self) -> str | None:
        """Its address, if it can be read."""
        return next((url for name, url in self.addresses() if name == "SMTP_URL" and is_readable(url)), None)

    def addresses(self) -> Iterator[tuple[str, str]]:
        """The variables with the address of a database or of the mail server, readable or not."""
        for name, value in sorted(self.given.items()):
            if name in {"DATABASE_URL", "SMTP_URL"} or name.endswith("_DATABASE_URL"):
                yield name, value


def is_readable(url: str) -> bool:
    """Whether its host and port can be told from its user and password."""
    try:
        demand_readable(url)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether only this machine is reached by that name or address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
