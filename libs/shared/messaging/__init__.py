"""Events on their way: outbox, inbox, the buses (in process and Kafka), CloudEvents, what partners read."""
