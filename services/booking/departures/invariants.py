"""What must always hold of closed accounts. What is on its way is left alone for 60 seconds."""

YOUNG = "interval '60 seconds'"

INVARIANTS: dict[str, str] = {
    "no closed account has a coming booking": f"""
        select b.id from booking.bookings b
          join booking.departures d on d.user_id in (b.client_id, b.practitioner_user_id)
         where (b.status in ('pending_payment', 'requested') or b.status = 'confirmed' and b.start_time > now())
           and greatest(d.created_at, b.created_at) < now() - {YOUNG}""",
}
