"""The Python client: openapi-python-client's package, on httpx2 in place of httpx, which is frozen."""

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = "estuary_client"
CONFIG = """package_name_override: estuary_client
content_type_overrides:
  application/zip: application/octet-stream
"""


class GeneratorFailed(Exception):
    """The generator failed or warned; its words are the message."""


def generate(document: Path, into: Path) -> None:
    """Writes the package from the document into that folder, which is there; GeneratorFailed on any warning."""
    config = into / "generator.yaml"
    config.write_text(CONFIG)
    tools = Path(sys.executable).parent
    command = [str(tools / "openapi-python-client"), "generate", "--path", str(document), "--config", str(config)]
    command += ["--output-path", str(into / PACKAGE), "--meta", "none", "--fail-on-warning"]
    run(command, into, {"PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"})
    config.unlink()
    for module in (into / PACKAGE).rglob("*.py"):
        module.write_text(module.read_text().replace("import httpx\n", "import httpx2 as httpx\n"))


def run(command: list[str], folder: Path, env: dict[str, str]) -> None:
    """Runs a generator; GeneratorFailed with its words unless it succeeds."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **env}, text=True, capture_output=True, check=False, timeout=300
    )
    said = f"{done.stdout}{done.stderr}".strip()
    if done.returncode != 0 or "warning" in said.lower():
        raise GeneratorFailed(f"{Path(command[0]).name} did not generate without a warning:\n{said}")


def files_of(package: Path) -> dict[str, str]:
    """The package's modules by their path in it."""
    found = sorted(path for path in package.rglob("*") if path.is_file() and path.suffix in {".py", ".typed"})
    return {str(path.relative_to(package)): path.read_text() for path in found}
