"""What must always hold of messages."""

INVARIANTS: dict[str, str] = {
    "a conversation's newest message is the one with the highest number": """
        select c.id from messaging.conversations c
        where c.last_message_id is distinct from (
            select id from messaging.messages m where m.conversation_id = c.id order by seq desc limit 1)
    """,
    "a conversation's counter is not behind its messages and receipts": """
        select c.id from messaging.conversations c
        where c.last_seq < (select max(seq) from messaging.messages m where m.conversation_id = c.id)
           or c.last_seq < (select max(receipt_seq) from messaging.participants p where p.conversation_id = c.id)
    """,
    "no number is both a message's and a receipt's": """
        select m.id from messaging.messages m
        join messaging.participants p on p.conversation_id = m.conversation_id and p.receipt_seq = m.seq
    """,
    "every message is of a participant who counts as having written, or of a user who has left": """
        select m.id from messaging.messages m
        left join messaging.participants p on p.conversation_id = m.conversation_id and p.user_id = m.sender_id
        left join messaging.departures d on d.conversation_id = m.conversation_id and d.user_id = m.sender_id
        where p.has_written is not true and d.user_id is null
    """,
}
