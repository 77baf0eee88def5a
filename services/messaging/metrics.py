"""Metrics of messaging."""

from prometheus_client import Counter, Gauge

CONVERSATIONS = Counter("estuary_messaging_opened_conversations", "Conversations opened, by what they are of", ["of"])
MESSAGES = Counter("estuary_messaging_sent_messages", "Messages stored")
RESENT = Counter("estuary_messaging_resent_messages", "Messages that came again under the same client_id")
SOCKETS = Gauge("estuary_messaging_chat_sockets", "Open chat sockets of this process")
REPORTS = Counter("estuary_messaging_reports", "Reports, by what became of them", ["status"])
