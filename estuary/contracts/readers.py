"""Who reads which topic: the code says it, the page for people and the broker's access rules repeat it."""

from collections.abc import Iterable, Mapping
from importlib import import_module

from estuary.services import SERVICES
from shared.events.base import Event
from shared.messaging.cloudevents import internal


def reads(service: str) -> frozenset[str]:
    """The internal topics of which that service handles events."""
    consumers: Mapping[type[Event], object] = import_module(f"services.{service}.app").CONSUMERS
    return frozenset(internal(kind.topic) for kind in consumers)


def readers(topic: str) -> list[str]:
    """The services that read that internal topic."""
    return [service for service in sorted(SERVICES) if topic in reads(service)]


def section(topics: Iterable[str]) -> str:
    """Every topic with its readers, and the access rules of a broker."""
    names = sorted(topics)
    rows = [f"| `{name}` | every event, without what is personal | partners |" for name in names]
    rows += [
        f"| `{one}` | every event, whole | {', '.join(readers(one)) or 'nobody'} |" for one in map(internal, names)
    ]
    rows.append("| `estuary.hints` | signs of life and hints between processes | Estuary's processes |")
    listed = " \\\n".join(f"  --topic {name}" for name in names)
    return (
        ABOUT + "\n".join(["| Topic | Carries | Read by |", "|---|---|---|", *rows, ""]) + RULES.format(topics=listed)
    )


ABOUT = """
## Who reads what

A producer sends each event twice: whole to its topic `.internal`, which is for Estuary's services alone, and without
what is personal to the topic without that ending, which is for partners. Both records have the same `ce_id`.

"""
RULES = """
A broker with access rules gives a partner the named topics and a prefix for its consumer groups, and no prefix of
topics: that of `estuary.booking` would cover `estuary.booking.internal`.

```
kafka-acls.sh --bootstrap-server $KAFKA --add --allow-principal User:partner \\
  --operation Read --operation Describe \\
{topics}
kafka-acls.sh --bootstrap-server $KAFKA --add --allow-principal User:partner --operation Read \\
  --group partner --resource-pattern-type prefixed
```

Where Strimzi runs Kafka, `deploy/k8s/components/strimzi` has the same as resources, with a user for each service;
for another Kafka `deploy/kafka/access.sh` gives all of them what they may.
"""
