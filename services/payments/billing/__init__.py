"""What subscriptions are billed for, tried again, and ended by: the use cases above orders and saved cards."""
