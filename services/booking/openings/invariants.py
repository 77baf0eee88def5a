"""What must always hold of openings of practitioners who are not marked: those of marked ones are computed soon."""

UNMARKED = """
    not exists (select from booking.opening_marks m where m.practitioner_id = o.practitioner_id)"""

INVARIANTS: dict[str, str] = {
    "what is not sold has no openings": f"""
        select o.service_id from booking.openings o
          left join booking.service_copies s on s.service_id = o.service_id
          left join booking.approvals a on a.practitioner_id = o.practitioner_id
         where not isempty(o.starts) and {UNMARKED}
           and not coalesce(s.is_active and a.is_approved is not false, false)""",
    "every service has openings, if only none": f"""
        select o.service_id from booking.service_copies o
         where {UNMARKED} and not exists (select from booking.openings p where p.service_id = o.service_id)""",
    "no start is open at which the only seat is booked": f"""
        select o.service_id, s.start_time from booking.openings o
          join booking.service_copies c on c.service_id = o.service_id and c.max_participants = 1
          join booking.sessions s on s.service_id = o.service_id and s.active and o.starts @> s.start_time
         where s.start_time > now() and {UNMARKED}
           and exists (select from booking.bookings b where b.session_id = s.id and b.status = 'confirmed')
           and exists (select from unnest(o.starts) run where run @> s.start_time
                and extract(epoch from s.start_time - lower(run))::bigint % (o.step_minutes * 60) = 0)""",
}
