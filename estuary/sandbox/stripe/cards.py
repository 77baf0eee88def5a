"""Stripe's documented test payment methods, under their present and their older names."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decline:
    """Why a payment fails: Stripe's error code, decline code and sentence, and what to do about it."""

    code: str
    decline_code: str | None
    message: str
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """How a test payment method behaves.

    `authenticates`: asks for 3D Secure; `off_session`: not when the payer is away; `once`: not then, if it was set up
    for that. `attaches`: it can be saved although it is declined. `slow`: the payment stays `processing` first; for
    ever, if `stuck`.
    """

    brand: str = "visa"
    last4: str = "4242"
    funding: str = "credit"
    country: str = "US"
    kind: str = "card"
    decline: Decline | None = None
    authenticates: bool = False
    off_session: bool = False
    once: bool = False
    attaches: bool = False
    slow: bool = False
    stuck: bool = False
    refunds: str = "succeeded"
    dispute: str | None = None
    inquiry: bool = False


LATER, NEVER, CHECK = "try_again_later", "do_not_try_again", "confirm_card_data"
DECLINED = "Your card was declined."
GENERIC = Decline("card_declined", "generic_decline", DECLINED, LATER)
INSUFFICIENT = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.", LATER)
LOST = Decline("card_declined", "lost_card", DECLINED, NEVER)
STOLEN = Decline("card_declined", "stolen_card", DECLINED, NEVER)
FRAUDULENT = Decline("card_declined", "fraudulent", DECLINED, NEVER)
VELOCITY = Decline(
    "card_declined", "card_velocity_exceeded", "Your card was declined for making repeated attempts too frequently or "
    "exceeding its amount limit.", LATER
)  # fmt: skip
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.", CHECK)
CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.", CHECK)
NUMBER = Decline("incorrect_number", "incorrect_number", "Your card number is incorrect.", CHECK)
PROCESSING = Decline(
    "processing_error", "processing_error", "An error occurred while processing your card. Try again in a little bit.",
    LATER
)  # fmt: skip
AUTHENTICATION = Decline("authentication_required", "authentication_required", "Your card was declined. This "
                         "transaction requires authentication.")  # fmt: skip


def _bank(message: str | None = None, code: str = "", *, stuck: bool = False) -> Card:
    decline = Decline(code, None, message) if message else None
    return Card("", "6789", "", kind="us_bank_account", slow=True, stuck=stuck, decline=decline)


BRANDS = {
    "visa": Card(),
    "visa_debit": Card(last4="5556", funding="debit"),
    "debit": Card(last4="5556", funding="debit"),
    "mastercard": Card("mastercard", "4444"),
    "mastercard_debit": Card("mastercard", "8210", "debit"),
    "mastercard_prepaid": Card("mastercard", "5100", "prepaid"),
    "amex": Card("amex", "8431"),
    "discover": Card("discover", "1117"),
    "discover_debit": Card("discover", "1113", "debit"),
    "diners": Card("diners", "0004"),
    "jcb": Card("jcb", "0505"),
    "unionpay": Card("unionpay", "0005"),
    "visa_cartesBancaires": Card(last4="1001", country="FR"),
    "mastercard_cartesBancaires": Card("mastercard", "1003", country="FR"),
}
COUNTRIES = frozenset(
    "us ar br ca cl co cr ec mx pa py pe uy ae at be bg by hr cy cz dk ee fi fr de gi gr hu ie it lv li lt lu mt nl no "
    "pl pt ro sa si sk es se ch gb au cn hk in jp my nz sg tw th".split()
)
# The names that follow `pm_card_`, `pm_card_visa_` or another brand; the older and the newer form are the same card.
BEHAVIOURS = {
    "chargeDeclined": Card(last4="0002", decline=GENERIC),
    "chargeDeclinedInsufficientFunds": Card(last4="9995", decline=INSUFFICIENT),
    "chargeDeclinedLostCard": Card(last4="9987", decline=LOST),
    "chargeDeclinedStolenCard": Card(last4="9979", decline=STOLEN),
    "chargeDeclinedExpiredCard": Card(last4="0069", decline=EXPIRED),
    "chargeDeclinedIncorrectCvc": Card(last4="0127", decline=CVC),
    "chargeDeclinedProcessingError": Card(last4="0119", decline=PROCESSING),
    "chargeDeclinedIncorrectNumber": Card(last4="4241", decline=NUMBER),
    "chargeDeclinedVelocityLimitExceeded": Card(last4="6975", decline=VELOCITY),
    "chargeDeclinedFraudulent": Card(last4="0019", decline=FRAUDULENT),
    "chargeCustomerFail": Card(last4="0341", decline=GENERIC, attaches=True),
    "radarBlock": Card(last4="0019", decline=FRAUDULENT, attaches=True),
    "riskLevelHighest": Card(last4="4954", decline=FRAUDULENT, attaches=True),
    "riskLevelElevated": Card(last4="9235"),
    "cvcCheckFail": Card(last4="0101"),
    "avsFail": Card(last4="0010"),
    "avsLine1Fail": Card(last4="0028"),
    "avsZipFail": Card(last4="0036"),
    "avsUnchecked": Card(last4="0044"),
    "domesticPricing": Card(last4="0077"),
    "bypassPending": Card(last4="0077"),
    "bypassPendingInternational": Card(last4="3720"),
    "authenticationRequired": Card(last4="3184", authenticates=True),
    "authenticationRequiredOnSetup": Card(last4="3155", authenticates=True, once=True),
    "authenticationRequiredSetupForOffSession": Card(last4="0446", authenticates=True, off_session=True),
    "authenticationRequiredChargeDeclinedInsufficientFunds": Card(
        last4="3178", authenticates=True, once=True, attaches=True, decline=INSUFFICIENT
    ),
    "threeDSecure2Required": Card(last4="3220", authenticates=True),
    "threeDSecureRequired": Card(last4="3063", authenticates=True),
    "threeDSecureRequiredChargeDeclined": Card(last4="1629", authenticates=True, decline=GENERIC),
    "threeDSecureRequiredProcessingError": Card(last4="1280", decline=PROCESSING),
    "threeDSecureOptional": Card(last4="3055"),
    "threeDSecureOptionalProcessingError": Card(last4="3097"),
    "threeDSecureNotSupported": Card("amex", "0005"),
    "createDispute": Card(last4="0259", dispute="fraudulent"),
    "createDisputeProductNotReceived": Card(last4="2685", dispute="product_not_received"),
    "createDisputeInquiry": Card(last4="1976", dispute="fraudulent", inquiry=True),
    "refundFail": Card(last4="5126", refunds="failed"),
    "refundFailure": Card(last4="5126", refunds="failed"),
    "pendingRefund": Card(last4="7726", refunds="pending"),
}
BANK_ACCOUNTS = {
    "pm_usBankAccount_success": _bank(),
    "pm_usBankAccount_processing": _bank(stuck=True),
    "pm_usBankAccount_insufficientFunds": _bank("The account has insufficient funds.", "insufficient_funds"),
    "pm_usBankAccount_accountClosed": _bank("The bank account has been closed.", "account_closed"),
    "pm_usBankAccount_noAccount": _bank("The bank account could not be located.", "no_account"),
    "pm_usBankAccount_debitNotAuthorized": _bank("The debit was not authorized.", "debit_not_authorized"),
}
NUMBERS = {
    "4242424242424242": "pm_card_visa",
    "4000056655665556": "pm_card_visa_debit",
    "5555555555554444": "pm_card_mastercard",
    "378282246310005": "pm_card_amex",
    "4000000000000002": "pm_card_chargeDeclined",
    "4000000000009995": "pm_card_chargeDeclinedInsufficientFunds",
    "4000000000009987": "pm_card_chargeDeclinedLostCard",
    "4000000000009979": "pm_card_chargeDeclinedStolenCard",
    "4000000000000069": "pm_card_chargeDeclinedExpiredCard",
    "4000000000000127": "pm_card_chargeDeclinedIncorrectCvc",
    "4000000000000119": "pm_card_chargeDeclinedProcessingError",
    "4242424242424241": "pm_card_chargeDeclinedIncorrectNumber",
    "4000000000006975": "pm_card_chargeDeclinedVelocityLimitExceeded",
    "4000000000000341": "pm_card_chargeCustomerFail",
    "4000002500003155": "pm_card_authenticationRequiredOnSetup",
    "4000002760003184": "pm_card_authenticationRequired",
    "4000003800000446": "pm_card_authenticationRequiredSetupForOffSession",
    "4000008260003178": "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
    "4000000000003220": "pm_card_threeDSecure2Required",
    "4000008400001629": "pm_card_threeDSecureRequiredChargeDeclined",
    "4000000000000259": "pm_card_createDispute",
    "4000000000005126": "pm_card_refundFail",
    "4000000000007726": "pm_card_pendingRefund",
}
"""Stripe.js sends numbers; each of these is a test payment method too."""

NAMED = re.compile(r"pm_card_(?:(?P<brand>visa|mastercard|amex|discover|diners|jcb|unionpay)_)?(?P<rest>\w+)", re.ASCII)


def find(token: str) -> Card | None:
    """The test payment method of that name, or None."""
    if token in BANK_ACCOUNTS:
        return BANK_ACCOUNTS[token]
    named = NAMED.fullmatch(token)
    if named is None:
        return None
    full, rest = token.removeprefix("pm_card_"), named["rest"]
    return BRANDS.get(full) or BEHAVIOURS.get(rest) or _of_country(rest)


def _of_country(rest: str) -> Card | None:
    country, _, funding = rest.partition("_")
    if country not in COUNTRIES or funding not in ("", "credit", "debit"):
        return None
    return Card(country=country.upper(), funding=funding or "credit")
