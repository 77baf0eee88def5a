"""Mails in files of a thousand: what is cut off, what goes."""

from io import FileIO

import pytest

from estuary.sandbox import records
from estuary.sandbox.records import Records


@pytest.fixture
def kept(tmp_path):
    """Records in an empty folder, open."""
    opened = Records(tmp_path)
    opened.load()
    yield opened
    opened.close()


def contents(folder):
    """What another process finds in the folder."""
    return [record.read() for record in Records(folder).load()]


class TestRecords:
    def test_another_process_finds_them_in_order(self, kept, tmp_path):
        written = [kept.append(content) for content in (b"one\n2\n", b"", b"\xff" * 70_000)]
        assert [record.read() for record in written] == contents(tmp_path) == [b"one\n2\n", b"", b"\xff" * 70_000]

    @pytest.mark.parametrize("torn", [b"5", b"5\n", b"5\nabcd"])
    def test_half_a_record_of_a_killed_process_is_cut_off(self, kept, tmp_path, torn):
        file = kept.append(b"whole").file
        with file.open("ab") as out:
            out.write(torn)
        again = Records(tmp_path)
        assert [record.read() for record in again.load()] == [b"whole"]
        again.append(b"next")
        again.close()
        assert contents(tmp_path) == [b"whole", b"next"]

    def test_a_full_disk_leaves_no_half_record(self, kept, tmp_path, monkeypatch):
        kept.append(b"before")

        class Full(FileIO):
            def write(self, data):
                super().write(data[:3])
                raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(records, "FileIO", Full)
            kept.close()
            with pytest.raises(OSError, match="No space"):
                kept.append(b"lost")
        kept.close()
        kept.append(b"after")
        assert contents(tmp_path) == [b"before", b"after"]

    def test_the_newest_stay(self, kept, tmp_path, monkeypatch):
        monkeypatch.setattr(records, "PER_FILE", 2)
        monkeypatch.setattr(records, "MOST_FILES", 3)
        for number in range(9):
            kept.append(b"%d" % number)
        assert contents(tmp_path) == [b"4", b"5", b"6", b"7", b"8"]
        assert len(list(tmp_path.iterdir())) == 3
