"""What must always hold of sessions."""

INVARIANTS: dict[str, str] = {
    "there is time to travel between active sessions at two places": """
        select a.id, b.id as other_id from booking.sessions a join booking.sessions b
          on a.practitioner_id = b.practitioner_id and a.id < b.id and a.active and b.active
         and a.place_id <> b.place_id
         and tstzrange(a.start_time, a.away_until) && tstzrange(b.start_time, b.away_until)""",
    "no two active sessions of a practitioner overlap or touch a buffer": """
        select a.id, b.id as other_id from booking.sessions a join booking.sessions b
          on a.practitioner_id = b.practitioner_id and a.id < b.id and a.active and b.active
         and (tstzrange(a.start_time, a.blocked_until) && tstzrange(b.start_time, b.blocked_until)
              or tstzrange(a.blocked_from, a.end_time) && tstzrange(b.blocked_from, b.end_time))""",
    "no two active sessions of a practitioner share a video room": """
        select a.id, b.id as other_id from booking.sessions a join booking.sessions b
          on a.practitioner_id = b.practitioner_id and a.id < b.id and a.active and b.active and a.room = b.room
         where a.end_time > now() and b.end_time > now()""",
    "a cancelled session has no bookings": """
        select id, taken from booking.sessions where cancelled_at is not null and taken > 0""",
}
