"""What a Kafka of one node on this machine is set to, and whether it answers."""

import socket
import struct

API_VERSIONS = 18
START_SECONDS, STOP_SECONDS = 120.0, 4.0
ONE_NODE = {
    "node.id": "1",
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "auto.create.topics.enable": "false",
    # A killed broker may come back only when its old session has ended: nine seconds with the defaults.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
}
CLUSTER_ID = "RXN0dWFyeUxvY2FsS2Fma2E"


def speaks_kafka(host: str, port: int) -> bool:
    """Whether a broker answers there: a container's port takes connections long before its program does."""
    question = struct.pack(">ihhih", 10, API_VERSIONS, 0, 1, -1)
    try:
        with socket.create_connection((host, port), timeout=1) as connection:
            connection.sendall(question)
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def last_line(text: str) -> str:
    """The last thing that a program said."""
    return (text.strip().splitlines() or ["it said nothing"])[-1]
