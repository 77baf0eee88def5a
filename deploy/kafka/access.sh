#!/bin/bash
# Who may read and write what, for a Kafka that has an authorizer and no Strimzi (there: deploy/k8s/components/strimzi).
#   access.sh --bootstrap-server kafka:9092 [--command-config admin.properties]
# Needs kafka-acls.sh in the PATH; running it again changes nothing. Repeat the last two lines for each partner.
set -euo pipefail
broker=("$@")

grant() {  # grant USER topic|group literal|prefixed OPERATION,.. NAME...
  local user=$1 kind=$2 pattern=$3 given=() operation name
  for operation in ${4//,/ }; do given+=(--operation "$operation"); done
  for name in "${@:5}"; do given+=("--$kind" "$name"); done
  kafka-acls.sh "${broker[@]}" --add --allow-principal "User:$user" --resource-pattern-type "$pattern" "${given[@]}"
}

grant estuary-identity topic literal Write,Describe estuary.identity estuary.identity.internal
grant estuary-identity topic literal Read,Describe estuary.booking.internal estuary.catalog.internal estuary.identity.internal estuary.messaging.internal estuary.notifications.internal estuary.payments.internal estuary.streams.internal
grant estuary-identity topic literal Read,Write,Describe estuary.hints
grant estuary-identity group literal Read estuary.identity
grant estuary-catalog topic literal Write,Describe estuary.catalog estuary.catalog.internal
grant estuary-catalog topic literal Read,Describe estuary.booking.internal estuary.identity.internal estuary.payments.internal
grant estuary-catalog topic literal Read,Write,Describe estuary.hints
grant estuary-catalog group literal Read estuary.catalog
grant estuary-booking topic literal Write,Describe estuary.booking estuary.booking.internal
grant estuary-booking topic literal Read,Describe estuary.catalog.internal estuary.identity.internal estuary.payments.internal
grant estuary-booking topic literal Read,Write,Describe estuary.hints
grant estuary-booking group literal Read estuary.booking
grant estuary-payments topic literal Write,Describe estuary.payments estuary.payments.internal
grant estuary-payments topic literal Read,Describe estuary.booking.internal estuary.catalog.internal estuary.identity.internal
grant estuary-payments topic literal Read,Write,Describe estuary.hints
grant estuary-payments group literal Read estuary.payments
grant estuary-streams topic literal Write,Describe estuary.streams estuary.streams.internal
grant estuary-streams topic literal Read,Describe estuary.catalog.internal estuary.identity.internal estuary.payments.internal
grant estuary-streams topic literal Read,Write,Describe estuary.hints
grant estuary-streams group literal Read estuary.streams
grant estuary-messaging topic literal Write,Describe estuary.messaging estuary.messaging.internal
grant estuary-messaging topic literal Read,Describe estuary.booking.internal estuary.catalog.internal estuary.identity.internal
grant estuary-messaging topic literal Read,Write,Describe estuary.hints
grant estuary-messaging group literal Read estuary.messaging
grant estuary-notifications topic literal Write,Describe estuary.notifications estuary.notifications.internal
grant estuary-notifications topic literal Read,Describe estuary.booking.internal estuary.catalog.internal estuary.identity.internal estuary.messaging.internal estuary.payments.internal estuary.streams.internal
grant estuary-notifications topic literal Read,Write,Describe estuary.hints
grant estuary-notifications group literal Read estuary.notifications
grant estuary-gateway topic literal Read,Write,Describe estuary.hints
grant estuary-topics topic prefixed Create,Describe,DescribeConfigs,AlterConfigs estuary.
# Partners get the named topics, never a prefix: that of estuary.booking would cover estuary.booking.internal.
grant partner topic literal Read,Describe estuary.identity estuary.catalog estuary.booking estuary.payments estuary.streams estuary.messaging estuary.notifications
grant partner group prefixed Read partner
