"""What must always hold of certificates."""

INVARIANTS: dict[str, str] = {
    "a certificate is of an enrolment in a course": """
        select c.booking_id from booking.certificates c join booking.bookings b on b.id = c.booking_id
         where b.kind <> 'course' or b.parent_id is not null""",
}
