"""Events over Kafka: `bus` is what services see, `broker` starts one on this machine."""
