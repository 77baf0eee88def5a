"""What a client agreed to pay for a free seat that is missed or given up late, and what came of it."""
