"""A projection of identity's and catalog's people: names, closed accounts, approvals."""
