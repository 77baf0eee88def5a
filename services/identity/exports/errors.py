"""What is refused about exports."""

from shared.errors import Conflict


class NotReady(Conflict):
    """There is nothing to fetch yet, or the export failed."""

    code, detail = "export_not_ready", "The export is not ready."
