"""Writes what a new service needs in the deployment: `python -m devtools manifests NAME`, after its line in
`estuary/services.py`. The entries of one existing service are the pattern."""

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from shared.settings import SettingsError

PATTERN = "streams"
"""A service that calls no other and has no setting of its own."""
SERVICE = "deploy/k8s/base/services"
DOCUMENT = r"---\n(?:(?!---\n)[^\n]*\n)*?(?:{})\n(?:(?!---\n)[^\n]*\n)*"
"""One document of several in a YAML file, by a line of it."""
USERS = "deploy/k8s/components/strimzi/users.yaml"
ACL = r"      - \{{resource: \{{type: topic, name: {}\}}, operations: \[Read, Describe\]\}}\n"
LINES: Mapping[str, tuple[str, ...]] = {
    "docker-compose.yml": (
        r"x-streams: &streams\n(?:  [^\n]*\n)+\n",
        r"      streams: \*healthy\n",
        r"  streams: [^\n]*\n  streams-work: [^\n]*\n",
    ),
    "deploy/k8s/base/kustomization.yaml": (
        r"  - services/streams\n",
        r"  - \{target: [^\n]*name: streams-serve\}[^\n]*\n",
    ),
    "deploy/k8s/overlays/dev/kustomization.yaml": (r"  - \{name: streams, [^\n]*\n",),
    "deploy/k8s/overlays/production/secrets.example.yaml": (DOCUMENT.format(r"metadata: \{name: streams, [^\n]*"),),
    "deploy/k8s/components/strimzi/topics.yaml": (
        DOCUMENT.format(r"  name: estuary\.streams") + DOCUMENT.format(r"  name: estuary\.streams\.internal"),
    ),
    USERS: (
        DOCUMENT.format(r"  name: estuary-streams"),
        ACL.format(r"estuary\.streams"),
        ACL.format(r"estuary\.streams\.internal"),
    ),
    "deploy/kafka/access.sh": (
        r"(?:grant estuary-streams [^\n]*\n)+",
        r"(?<=estuary\.payments )estuary\.streams ",
        r"(?<=estuary\.payments\.internal) estuary\.streams\.internal",
    ),
}
"""What of each file belongs to that service: a copy of it, with the new name, goes behind it. Of the topics that
others read these are the partners' and identity's, which keeps the heads of all audit logs."""
READS = {
    USERS: re.compile("(?:" + ACL.format(r"estuary\.\w+\.internal") + ")+"),
    "deploy/kafka/access.sh": re.compile(r"grant estuary-\w+ topic literal Read,Describe [^\n]*\n"),
}


def write(root: Path, name: str, reads: Iterable[str]) -> list[str]:
    """Writes the entries of that service below `root` and returns the files, by their paths in it.

    `reads` are the topics whose events it handles. Raises SettingsError where the service has manifests already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*", name):
        raise SettingsError(f"{name}: a service has a name of characters from a to z and digits")
    if (root / SERVICE / name).exists():
        raise SettingsError(f"{name}: {SERVICE}/{name} is there already")
    shutil.copytree(root / SERVICE / PATTERN, root / SERVICE / name)
    kustomization = root / SERVICE / name / "kustomization.yaml"
    kustomization.write_text(renamed(kustomization.read_text(), name))
    (root / SERVICE / name / "settings.env").write_text("# The settings of this service with their defaults.\n")
    topics = sorted(reads)
    for path, patterns in LINES.items():
        text = (root / path).read_text()
        (root / path).write_text(extended(path, text, patterns, name, topics))
    return [*LINES, f"{SERVICE}/{name}/kustomization.yaml", f"{SERVICE}/{name}/settings.env"]


def extended(path: str, text: str, patterns: Iterable[str], name: str, reads: list[str]) -> str:
    """The file with a copy of each part of the pattern's service, under the new name; SettingsError if one is gone."""
    for pattern in patterns:
        found = re.search(pattern, text)
        if found is None:
            raise SettingsError(f"{path}: the entries of {PATTERN} are not where they are expected")
        copy = renamed(_with_reads(path, found[0], name, reads), name)
        text = text[: found.end()] + copy + text[found.end() :]
    return text


def renamed(text: str, name: str) -> str:
    """The pattern's text for the new service."""
    return text.replace(PATTERN.upper(), name.upper()).replace(PATTERN, name)


def _with_reads(path: str, part: str, name: str, reads: list[str]) -> str:
    if path not in READS or "Write" not in part:
        return part
    if path.endswith(".sh"):
        line = f"grant estuary-{name} topic literal Read,Describe {' '.join(reads)}\n" if reads else ""
        return READS[path].sub(line, part, count=1)
    rows = "".join(
        f"      - {{resource: {{type: topic, name: {topic}}}, operations: [Read, Describe]}}\n" for topic in reads
    )
    return READS[path].sub(rows, part, count=1)
