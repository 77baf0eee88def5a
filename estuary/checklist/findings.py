"""What the checklist looks at, and what it finds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from estuary.settings import EstuarySettings


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
        """The variables with the address of a database."""
        for name, value in sorted(self.given.items()):
            if name == "DATABASE_URL" or name.endswith("_DATABASE_URL"):
                yield name, value


def is_loopback(host: str) -> bool:
    """Whether only this machine is reached by that name or address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
