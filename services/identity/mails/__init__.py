"""What notifications asks of a mail when it sends it, and which of the mails that were asked for are sent at all."""
