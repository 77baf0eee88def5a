"""What follows from a seat that is offered to one who waited for it, or was invited."""
