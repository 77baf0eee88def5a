"""Rules of names."""


def short_name(first_name: str, last_name: str) -> str:
    """The name under which a comment is shown: the first name and an initial (`Casey L.`)."""
    initial = last_name.strip()[:1]
    return f"{first_name.strip()[:100]} {initial}." if initial else first_name.strip()[:100]
