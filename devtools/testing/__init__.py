"""What tests of every package share: databases by the real migrations, a clock, callers, deliveries of events."""
