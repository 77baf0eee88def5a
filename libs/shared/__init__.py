"""What every Estuary service needs and no business word: runtime, database, outbox, inbox, bus, auth, errors."""
