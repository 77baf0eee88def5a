"""How a refund is divided."""

from hypothesis import given
from hypothesis import strategies as st

from services.payments.refunds.domain import NOTHING, Tenders, refund_of

tenders = st.builds(Tenders, st.integers(0, 100_000), st.integers(0, 100_000))


class TestRefundOf:
    def test_rule_09_a_refund_is_split_in_the_ratio_of_the_tenders(self) -> None:
        assert refund_of(Tenders(7000, 3000), NOTHING, 5000) == Tenders(3500, 1500)

    def test_rule_09_a_refund_of_everything_returns_each_tender(self) -> None:
        assert refund_of(Tenders(7001, 2999), NOTHING, 10_000) == Tenders(7001, 2999)

    def test_never_more_than_was_paid(self) -> None:
        assert refund_of(Tenders(100, 0), Tenders(60, 0), 100) == Tenders(40, 0)

    def test_rule_09_a_tender_that_gave_more_than_its_share_gives_less_later(self) -> None:
        assert refund_of(Tenders(5000, 5000), Tenders(5000, 0), 5000) == Tenders(0, 5000)

    @given(tenders, st.lists(st.integers(0, 60_000), max_size=8))
    def test_rule_18_partial_refunds_end_exactly(self, paid: Tenders, wanted: list[int]) -> None:
        so_far = NOTHING
        for amount in [*wanted, paid.total]:
            part = refund_of(paid, so_far, amount)
            assert part.total == min(amount, paid.total - so_far.total)
            assert part.card >= 0
            assert part.credits >= 0
            so_far = so_far + part
            assert so_far.card <= paid.card
            assert so_far.credits <= paid.credits
        assert so_far == paid

    @given(tenders, st.builds(Tenders, st.integers(0, 100_000), st.integers(0, 100_000)), st.integers(0, 300_000))
    def test_rule_09_never_more_than_a_tender_holds_whatever_was_before(
        self, paid: Tenders, before: Tenders, amount: int
    ) -> None:
        before = Tenders(min(before.card, paid.card), min(before.credits, paid.credits))
        part = refund_of(paid, before, amount)
        assert 0 <= part.card <= paid.card - before.card
        assert 0 <= part.credits <= paid.credits - before.credits
        assert part.total == min(amount, (paid - before).total)
