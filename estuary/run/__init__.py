"""How the product runs: everything in one process, or one process per service and kind."""
