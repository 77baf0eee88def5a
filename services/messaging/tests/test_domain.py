from uuid import UUID

import pytest

from services.messaging.live.domain import number_in, receipt_frame_id, transient_frame_id
from services.messaging.participants.domain import (
    Contact,
    OtherParticipant,
    is_blocked,
    is_deserted,
    may_write,
    participants_key,
)
from shared.records.ids import new_id

A, B = new_id(), new_id()


class TestMayWrite:
    @pytest.mark.parametrize("by_practitioner", [True, False])
    def test_anybody_to_a_verified_practitioner(self, by_practitioner):
        assert may_write(Contact(A, is_verified=True), by_practitioner=by_practitioner)

    @pytest.mark.parametrize("met", [{"has_booked": True}, {"has_written": True}])
    def test_only_a_practitioner_to_who_has_booked_or_written(self, met):
        assert may_write(Contact(A, **met), by_practitioner=True)
        assert not may_write(Contact(A, **met), by_practitioner=False)

    def test_nobody_to_a_stranger(self):
        assert not may_write(Contact(A), by_practitioner=True)


class TestConversationState:
    def test_a_block_closes_a_conversation_of_two_only(self):
        blocked, free = OtherParticipant(A, True, True), OtherParticipant(B, True, False)
        assert is_blocked([blocked])
        assert not is_blocked([blocked, free])

    def test_it_is_deserted_when_nobody_is_left(self):
        assert is_deserted([OtherParticipant(A, False, False)])
        assert not is_deserted([OtherParticipant(A, False, False), OtherParticipant(B, True, False)])


def test_the_key_is_of_the_people_not_of_their_order():
    assert participants_key([A, B]) == participants_key([B, A, B]) != participants_key([A])


class TestFrameIds:
    @pytest.mark.parametrize("seq", [0, 1, 123_456_789, 2**48 - 1])
    def test_the_number_can_be_read_back(self, seq):
        for frame_id in (receipt_frame_id(A, seq), transient_frame_id(seq)):
            assert number_in(frame_id) == seq
            assert (frame_id.version, UUID(str(frame_id))) == (8, frame_id)

    def test_a_receipts_id_is_the_same_everywhere_and_its_own(self):
        assert receipt_frame_id(A, 7) == receipt_frame_id(A, 7) != receipt_frame_id(B, 7)

    def test_a_transient_frame_has_a_new_id(self):
        assert transient_frame_id(7) != transient_frame_id(7)

    def test_a_messages_id_carries_no_number(self):
        assert number_in(new_id()) is None
