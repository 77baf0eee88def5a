"""Why a pass cannot be used, changed or returned."""

from shared.errors import Conflict, Invalid


class PassNotActive(Conflict):
    """It is not paid, has expired, or was returned."""

    code, detail = "pass_not_active", "This pass is not active."


class PassUsedUp(Conflict):
    """No session of it that fits is open."""

    code, detail = "pass_used_up", "No open session of this pass is left for this service."


class NotInPass(Invalid):
    """The pass has no session of that service."""

    code, detail, field = "not_in_pass", "This pass is not for this service.", "pass_id"


class OutsideValidity(Invalid):
    """The session begins when the pass has expired, whenever it is booked."""

    code, detail, field = "outside_validity", "This pass has expired by then. Choose an earlier start.", "start_time"


class NotLater(Invalid):
    """A pass that was sold is never cut short."""

    code, detail, field = "not_later", "Choose a later time than the present one.", "expires_at"


class NotRefundable(Conflict):
    """The days in which its client may return the pass are over."""

    code, detail = "not_refundable", "The days in which this pass can be returned are over."
