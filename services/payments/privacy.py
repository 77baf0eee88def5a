"""What payments holds of people: every column of its schema, what is open of it, and how they are erased."""

from collections.abc import Collection
from uuid import UUID

from services.payments.credits.service import forfeit
from services.payments.payouts.domain import NOT_DECIDED
from services.payments.payouts.repository import Payouts
from services.payments.subscriptions.repository import Subscriptions
from services.payments.vault.repository import Customers
from shared.database import audit
from shared.database.privacy import ATTEMPTS, whole
from shared.database.session import Session
from shared.events.identity import ErasureRequested
from shared.records.currencies import coarse_payouts
from shared.records.privacy import ACCOUNTS, Register, kept, table
from shared.work.erasure import Privacy, consumers_of

OF_PRACTITIONER = "practitioner_id = :practitioner"
OF_CLIENT = "order_id in (select id from payments.orders where client_id = :person)"
OF_PAYOUT = "payout_id in (select id from payments.payouts where user_id = :person)"
OF_SUBSCRIPTION = "subscription_id in (select id from payments.subscriptions where user_id = :person)"
OF_LINE = f"line_id in (select id from payments.order_lines where {OF_PRACTITIONER})"
OF_ACCOUNT = "owner_id in (:person, :practitioner)"
ANSWERED = kept("what Stripe sent is acted on once and can be read again in a dispute", "30 days after that")
AT_STRIPE = kept("Stripe's customer, with the cards, is deleted by it", "until Stripe has deleted it, by itself")

REGISTER: Register = whole(
    {
        "approvals": table(OF_PRACTITIONER, ids="practitioner_id", neither="version is_approved"),
        "card_offers": table("user_id = :person", ids="user_id method_id created_at", neither=f"id {ATTEMPTS}"),
        "chargebacks": table(OF_CLIENT, kept={ACCOUNTS: "id order_id currency amount reason status created_at"}),
        "commission_terms": table(OF_PRACTITIONER, ids="practitioner_id", neither="rate updated_at"),
        "credit_entries": table(
            "user_id = :person", kept={ACCOUNTS: "id user_id currency kind amount order_id created_at"}
        ),
        "credit_grants": table(
            "user_id = :person",
            kept={ACCOUNTS: "id user_id currency source amount remaining priority expires_at order_id created_at"},
        ),
        "credit_uses": table(
            "user_id = :person",
            kept={ACCOUNTS: "id order_id user_id grant_id currency position amount restored state created_at"},
        ),
        "credit_wallets": table("user_id = :person", kept={ACCOUNTS: "user_id created_at"}),
        "customers": table(
            "user_id = :person",
            ids="user_id",
            kept={AT_STRIPE: "stripe_customer_id created_at"},
            neither=f"attempt leaving {ATTEMPTS}",
        ),
        "departures": table("user_id = :person", ids="user_id created_at"),
        "detachments": table(
            "user_id = :person", personal="stripe_id user_id detached_at created_at", neither=ATTEMPTS
        ),
        "earning_holds": table(OF_LINE, kept={ACCOUNTS: "id line_id cause cause_id opened_at ended_at"}),
        "earnings": table(
            OF_PRACTITIONER,
            kept={
                ACCOUNTS: "id order_id line_id release part kind booking_id practitioner_id currency commission_rate"
                " commission net reversed_commission reversed_net repaid owed owed_commission status payout_id"
                " completed_at available_at created_at"
            },
        ),
        "erasures_waiting": table("user_id = :person", ids="user_id", neither="erasure_id"),
        "install": table(neither="id currency started_at stripe_platform"),
        "ledger_accounts": table(OF_ACCOUNT, kept={ACCOUNTS: "id kind owner_id currency live"}),
        "ledger_balances": table(neither="account_id debits credits"),
        "ledger_transfers": table(
            neither="id seq group_id leg debit_id credit_id currency amount reason ref posted_at"
        ),
        "order_lines": table(
            OF_CLIENT,
            also=OF_PRACTITIONER,
            kept={
                ACCOUNTS: "id order_id position practitioner_id booking_id pass_session_id subject_id description gross"
                " refunded funded unfunded commission_rate releases hold_hours earned_at ended_at"
                " created_at"
            },
        ),
        "membership_grants": table(
            "user_id = :person",
            kept={
                ACCOUNTS: "id subscription_id number order_id user_id currency credits sessions used session_value"
                " start_at end_at taken_back_at created_at"
            },
        ),
        "membership_uses": table(OF_CLIENT, kept={ACCOUNTS: "order_id grant_id amount returned_at created_at"}),
        "orders": table(
            "client_id = :person",
            also=OF_PRACTITIONER,
            personal="client_secret stripe_customer_id next_action_url",
            kept={
                ACCOUNTS: "id kind booking_id client_id practitioner_id subject_id service_id title currency total"
                " discount chargeback credits_applied amount_due status capture capture_before intent_id intent_status"
                " charge_id last_failure card_error refunded_card refunded_credits disputed paid_at created_at"
            },
            neither="saving saves_card attempts cancel_attempts watched asked_at closing_at close_reason expires_at"
            f" check_at {ATTEMPTS}",
        ),
        "payment_attempts": table(
            OF_CLIENT, kept={ACCOUNTS: "id order_id number payment_method outcome code created_at"}
        ),
        "payment_methods": table(
            "user_id = :person",
            personal="id user_id stripe_id fingerprint brand last4 exp_month exp_year is_default created_at",
        ),
        "payout_accounts": table(
            "user_id = :person",
            personal="bank",
            ids="practitioner_id user_id",
            kept={ACCOUNTS: "stripe_account_id created_at"},
            neither=f"charges_enabled payouts_enabled needs_details schedule weekly_since batched_at {ATTEMPTS}",
        ),
        "payout_holds": table(OF_PRACTITIONER, kept={ACCOUNTS: "id practitioner_id cause cause_id opened_at ended_at"}),
        "payout_reductions": table(
            OF_PAYOUT, kept={ACCOUNTS: "id payout_id refund_id amount reversal_id reason created_at ended_at"}
        ),
        "payouts": table(
            "user_id = :person",
            personal="reason",
            kept={
                ACCOUNTS: "id practitioner_id user_id currency amount status batch_at approval_id approved_by"
                " approved_at stripe_account_id transfer_id bank_payout_id bank_state reversal_id reference paid_at"
                " created_at"
            },
            neither=f"attempt failing_since at_bank_since ending {ATTEMPTS}",
        ),
        "periods": table(
            OF_SUBSCRIPTION,
            kept={ACCOUNTS: "subscription_id number order_id start_at end_at currency amount status created_at"},
        ),
        "plan_changes": table(
            OF_SUBSCRIPTION,
            kept={
                ACCOUNTS: "id subscription_id number order_id plan_id plan interval currency amount before at charge"
                " credit due status created_at"
            },
            neither="expires_at",
        ),
        "plan_prices": table(neither="plan_id interval currency amount"),
        "plans": table(
            OF_PRACTITIONER,
            kept={ACCOUNTS: "id kind stream_id practitioner_id code name level"},
            neither="trial_days features is_active version created_at updated_at",
        ),
        "practitioner_locks": table(OF_PRACTITIONER, ids="practitioner_id", neither="created_at"),
        "provider_calls": table(
            kept={
                ACCOUNTS: "purpose subject_id attempt key first_sent_at last_sent_at in_flight key_spent outcome"
                " superseded answer reason detail"
            }
        ),
        "refunds": table(
            OF_CLIENT,
            personal="reason",
            kept={ACCOUNTS: "id order_id currency card credits settles lines status by stripe_refund_id created_at"},
            neither=f"attempt failing_since {ATTEMPTS}",
        ),
        "service_holds": table(neither="cause_id cause created_at ended_at"),
        "setups": table(
            "user_id = :person",
            personal="id user_id stripe_setup_id payment_method client_secret method_id created_at",
            neither=f"status {ATTEMPTS}",
        ),
        "stripe_events": table(
            kept={ANSWERED: "id type account object_id payload state received_at"}, neither=ATTEMPTS
        ),
        "stripe_list_reads": table(neither="kind since began_at cursor read_until due_at"),
        "subscriptions": table(
            "user_id = :person",
            also=OF_PRACTITIONER,
            kept={
                ACCOUNTS: "id kind user_id practitioner_id stream_id plan_id plan interval currency amount"
                " status anchor number current_period_start current_period_end access_until trial_until cancel_at"
                " paused_until end_reason ended_at created_at"
            },
            neither=f"before_anchor retry_at refused_methods announced_at next_at version {ATTEMPTS}",
        ),
        "stripe_records": table(
            kept={ACCOUNTS: "id kind currency amount returned status refers_to our_id created_at found_at seen_at"}
        ),
    }
)

COARSE = ", ".join(f"('{currency}', {step})" for currency, step in coarse_payouts().items())
"""What is less than one step can never be paid out."""
UNPAYABLE = f"""
    not exists (select from payments.payout_accounts where practitioner_id = :practitioner)
    or exists (
        select from payments.payouts as last
        where last.practitioner_id = :practitioner and last.status = 'rejected' and last.created_at >= gone.created_at
            and coalesce(last.reason, '') not in {NOT_DECIDED}
    )
"""
"""Nobody is left who could open an account, or staff have decided that it is not paid: it stays under the id."""
OBLIGATIONS = {
    "unpaid_order": """
        select count(*) from payments.orders where client_id = :person and status in ('open', 'authorized')
    """,
    "open_subscription": """
        select count(*) from payments.subscriptions where user_id = :person and status <> 'ended'
    """,
    "payout_under_way": """
        select count(*) from payments.payouts
        where user_id = :person and status in ('eligible', 'processing', 'needs_attention')
    """,
    "open_earnings": f"""
        select coalesce(sum(earnings), 0) from (
            select count(*) as earnings from payments.earnings
            left join (values {COARSE}) as coarse (code, step) on code = currency
            where practitioner_id = :practitioner and status in ('pending', 'held', 'available') and net - repaid > 0
                and not exists (select from payments.departures as gone where gone.user_id = :person and ({UNPAYABLE}))
            group by currency, step having sum(net - repaid) >= coalesce(step, 1)
        ) as payable
    """,
    "bought_credits": """
        select count(*) from payments.credit_grants
        where user_id = :person and source = 'purchase' and remaining > 0
    """,
}


async def erase(session: Session, event: ErasureRequested) -> Collection[UUID]:
    """What staff did with the person's payouts and subscriptions goes, their given up credits, and their cards."""
    if event.forfeit_credits:
        await forfeit(session, event.user_id)
    await Customers(session).leave(event.user_id)
    subjects = [*await Payouts(session).ids_of(event.user_id), *await Subscriptions(session).ids_of(event.user_id)]
    await audit.erase(session, event.user_id, subjects)
    return ()


PRIVACY = Privacy(REGISTER, erase, OBLIGATIONS)
CONSUMERS = consumers_of(PRIVACY)
