"""A real Kafka on this machine, for tests, benchmarks and the cluster."""
