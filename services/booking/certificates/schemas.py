"""A certificate as its client reads it."""

from shared.web.http import UtcTime, View


class CertificateView(View):
    """That so many of the course's sessions were attended."""

    number: str
    issued_at: UtcTime
    title: str
    attended: int
    sessions: int
