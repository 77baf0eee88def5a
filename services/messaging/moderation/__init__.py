"""Reports of conversations, and what staff decide. Staff read a conversation only while a report of it is open."""
