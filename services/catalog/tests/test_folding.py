"""How texts are compared in searches: without case and accents (rule DI-5), and with all else."""

import pytest
from sqlalchemy import func, select


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Øvelser", "ovelser"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("e\u0301te\u0301", "ete"),
        ("\u0401\u043b\u043a\u0430", "\u0435\u043b\u043a\u0430"),
        # Vowel signs are part of the word, where they are written: in Hindi always.
        ("\u0905\u092d\u094d\u092f\u093e\u0938", "\u0905\u092d\u094d\u092f\u093e\u0938"),
        ("\u0634\u064e\u062f\u0651\u0629", "\u0634\u064e\u062f\u0651\u0629"),
        ("\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd"),
    ],
)
async def test_case_and_accents_do_not_count(app, written: str, folded: str) -> None:
    async with app.state.runtime.db.read() as session:
        assert await session.scalar(select(func.catalog.fold(written))) == folded
