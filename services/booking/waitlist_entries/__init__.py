"""Those who wait for a seat in a full session, and the seats that are offered to them."""
