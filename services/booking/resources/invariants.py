"""What must always hold of resources."""

INVARIANTS: dict[str, str] = {
    "no two uses of one unit overlap or touch a buffer": """
        select a.session_id, b.session_id as other_id from booking.resource_uses a join booking.resource_uses b
          on a.resource_id = b.resource_id and a.unit = b.unit and a.session_id < b.session_id
         and (tstzrange(a.start_time, a.blocked_until) && tstzrange(b.start_time, b.blocked_until)
              or tstzrange(a.blocked_from, a.end_time) && tstzrange(b.blocked_from, b.end_time))""",
    "units are in use by active sessions, at their time": """
        select u.session_id, u.resource_id from booking.resource_uses u join booking.sessions s on s.id = u.session_id
         where not s.active or (s.start_time, s.end_time) <> (u.start_time, u.end_time)""",
}
