"""What is refused about consents."""

from shared.errors import Conflict, Invalid


class VersionOutdated(Invalid):
    """A person agrees to what they were shown; another text is in force."""

    code, detail = "version_outdated", "Another version is in force. Show that one."


class UnknownPurpose(Invalid):
    """There is no document for it."""

    code, detail = "unknown_purpose", "There is no such purpose."


class RequiredPurpose(Conflict):
    """The account cannot be used without it: whoever does not agree any more closes the account."""

    code, detail = "required_purpose", "The account cannot be used without this. Close it instead."


class NotTheNextVersion(Conflict):
    """Versions of a document follow each other, and none replaces one that was published."""

    code, detail = "version_conflict", "The next version of a document is the last one plus 1."
