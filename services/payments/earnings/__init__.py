"""What practitioners earn: accrued on confirmation, released after the hold period, reversed by refunds."""
