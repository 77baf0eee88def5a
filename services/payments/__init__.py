"""Payments owns orders, Stripe, saved cards, credits, the ledger, commission, earnings, refunds, chargebacks
and payouts.

Out: PaymentSucceeded, PaymentFailed, OrderRefunded, OrderRefundFailed, ChargebackOpened, ChargebackEnded,
ChargebackLost, CreditsPurchased, ClientDebtIncurred, Earning*, Payout*, Subscription*
(topic estuary.payments).
In: booking's BookingConfirmed, BookingCompleted, BookingNoShow, BookingCancelled;
catalog's practitioners and their approval; identity's UserDeactivated,
UserSuspended, UserRestored.
"""
