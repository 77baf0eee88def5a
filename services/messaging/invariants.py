"""What must always hold in schema `messaging`: each statement returns no rows."""

INVARIANTS: dict[str, str] = {
    "a conversation's newest message is the one with the highest number": """
        select c.id from messaging.conversations c
        where c.last_message_id is distinct from (
            select id from messaging.messages m where m.conversation_id = c.id order by seq desc limit 1)
    """,
    "a conversation's counter is not behind its messages and receipts": """
        select c.id from messaging.conversations c
        where c.last_seq < (select max(seq) from messaging.messages m where m.conversation_id = c.id)
           or c.last_seq < (select max(receipt_seq) from messaging.members r where r.conversation_id = c.id)
    """,
    "no number is both a message's and a receipt's": """
        select m.id from messaging.messages m
        join messaging.members r on r.conversation_id = m.conversation_id and r.receipt_seq = m.seq
    """,
    "every message is of a member who counts as having written, or of who has left": """
        select m.id from messaging.messages m
        left join messaging.members s on s.conversation_id = m.conversation_id and s.user_id = m.sender_id
        left join messaging.departures d on d.conversation_id = m.conversation_id and d.user_id = m.sender_id
        where s.has_written is not true and d.user_id is null
    """,
    "a conversation has the members that its key names, or somebody has left it": """
        select c.id from messaging.conversations c
        join messaging.members m on m.conversation_id = c.id
        group by c.id
        having count(*) < 2 or c.participants_key <> encode(sha256(case
            when exists (select from messaging.departures d where d.conversation_id = c.id) then c.id::text::bytea
            else string_agg(m.user_id::text, ',' order by m.user_id)::bytea end), 'hex')
    """,
    "how far a member has read is a message of the conversation": """
        select r.conversation_id, r.user_id from messaging.members r
        left join messaging.messages m on m.id = r.read_up_to and m.conversation_id = r.conversation_id
        where r.read_up_to is not null and m.seq is distinct from r.read_seq
    """,
    "a conversation about a booking is of its two sides": """
        select c.id from messaging.conversations c
        left join messaging.bookings b on b.id = c.booking_id
        left join messaging.members m
            on m.conversation_id = c.id and m.user_id in (b.client_id, b.practitioner_user_id)
        where c.booking_id is not null
        group by c.id having count(m.user_id) <> 2
    """,
    "an upheld report closed its conversation, on record": """
        select r.id from messaging.reports r
        join messaging.conversations c on c.id = r.conversation_id
        where r.status = 'upheld' and (c.status <> 'closed' or not exists (
            select from messaging.audit_log a where a.subject_id = r.id and a.action = 'report.resolve'))
    """,
    "who has left a conversation is no member of it": """
        select d.user_id from messaging.departures d
        join messaging.members m on m.conversation_id = d.conversation_id and m.user_id = d.user_id
    """,
    "a deactivated person has no name": """
        select user_id from messaging.people
        where deactivated_at is not null and coalesce(first_name, last_name, display_name) is not null
    """,
}
