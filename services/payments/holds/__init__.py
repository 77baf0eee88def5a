"""Why earnings of a line, or all payouts of a practitioner, must not go out; `payouts/holding.py` opens and ends it."""
