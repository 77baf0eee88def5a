"""Rules of comments."""

LONGEST_BODY = 10_000


def short_name(first_name: str, last_name: str) -> str:
    """What others see of who writes: the first name and an initial (`Casey L.`)."""
    initial = last_name.strip()[:1]
    return f"{first_name.strip()[:100]} {initial}." if initial else first_name.strip()[:100]
