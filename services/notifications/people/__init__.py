"""Who mail is written to, and the names that texts name: kept from the events of identity and catalog."""
