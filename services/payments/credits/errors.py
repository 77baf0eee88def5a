"""Why credits cannot pay."""

from shared.errors import Conflict, Invalid


class InsufficientCredits(Invalid):
    """More credits were asked for than the balance or the price allows."""

    code, detail = "insufficient_credits", "There are not enough credits, or the price is lower than that."


class CreditsGone(Conflict):
    """The credits that had gone back to the client were spent elsewhere in the meantime (rule 5)."""

    code, detail = "insufficient_credits", "The credits of this order have been spent elsewhere."


class AmountTooSmall(Invalid):
    """What is left for the card is below the least amount that a card can be charged."""

    code, detail = "amount_too_small", "A card cannot be charged so little. Pay all of it with credits, or none of it."
