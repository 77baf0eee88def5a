"""The double-entry ledger: append-only transfers between accounts, balances only where a live limit is needed."""
