"""What a client may send over a WebSocket."""

from websockets.frames import Frame, Opcode

from estuary.run.socket_protocol import FrameLimit

TEXT, PING = Frame(Opcode.TEXT, b"x"), Frame(Opcode.PING, b"")


class TestFrameLimit:
    def test_any_ten_seconds_hold_sixty_messages(self):
        now = 0.0
        limit = FrameLimit(60, lambda: now)
        assert not limit.is_exceeded_by([TEXT])
        now = 9.9
        assert not limit.is_exceeded_by([TEXT] * 59)
        now = 10.1
        assert not limit.is_exceeded_by([TEXT])
        assert limit.is_exceeded_by([TEXT])

    def test_six_messages_a_second_are_fine_for_ever(self):
        now = 0.0
        limit = FrameLimit(60, lambda: now)
        for _ in range(300):
            assert not limit.is_exceeded_by([TEXT] * 5)
            now += 1.0

    def test_other_frames_count_ten_to_a_message(self):
        limit = FrameLimit(60, lambda: 0.0)
        assert not limit.is_exceeded_by([PING] * 600)
        assert limit.is_exceeded_by([PING])
