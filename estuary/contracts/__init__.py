"""The contracts with partners in `docs/events/`: generated from `shared/events`, compared with what was promised."""
