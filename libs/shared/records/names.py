"""How people who need not know each other are named to each other."""

from typing import Literal

NameForm = Literal["initial", "full"]


def shown_name(first_name: str, last_name: str | None, form: NameForm) -> str:
    """`Ana K.`, or whole: `Ana Kova`; who has one name alone: `Ana`."""
    if not last_name:
        return first_name
    return f"{first_name} {last_name}" if form == "full" else f"{first_name} {last_name[:1]}."
