"""What must always hold of participants."""

INVARIANTS: dict[str, str] = {
    "a conversation has the participants that its key names, or one has left it": """
        select c.id from messaging.conversations c
        join messaging.participants p on p.conversation_id = c.id
        group by c.id
        having count(*) < 2 or c.participants_key <> encode(sha256(case
            when exists (select from messaging.departures d where d.conversation_id = c.id) then c.id::text::bytea
            else string_agg(p.user_id::text, ',' order by p.user_id)::bytea end), 'hex')
    """,
    "a user who has left a conversation is no participant": """
        select d.user_id from messaging.departures d
        join messaging.participants p on p.conversation_id = d.conversation_id and p.user_id = d.user_id
    """,
    "how far a participant has read is a message of the conversation": """
        select p.conversation_id, p.user_id from messaging.participants p
        left join messaging.messages m on m.id = p.read_up_to and m.conversation_id = p.conversation_id
        where p.read_up_to is not null and m.seq is distinct from p.read_seq
    """,
}
