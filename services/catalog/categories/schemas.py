"""Bodies about categories."""

from shared.web.http import View


class CategoryView(View):
    """A category by its stable slug and its English name."""

    slug: str
    name: str
