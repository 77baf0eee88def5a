"""Contains all the data models used in inputs/outputs"""

from .accept_body import AcceptBody
from .acceptance import Acceptance
from .accepted import Accepted
from .account_changed import AccountChanged
from .account_changed_capabilities import AccountChangedCapabilities
from .account_kind import AccountKind
from .account_request import AccountRequest
from .account_status import AccountStatus
from .advance import Advance
from .algorithm import Algorithm
from .announced_view import AnnouncedView
from .api_key_view import ApiKeyView
from .application import Application
from .applied import Applied
from .attendee import Attendee
from .attendee_view import AttendeeView
from .audit_entry import AuditEntry
from .audit_entry_after import AuditEntryAfter
from .audit_entry_before import AuditEntryBefore
from .audit_listing import AuditListing
from .balance import Balance
from .benefits_view import BenefitsView
from .bill_view import BillView
from .bill_view_status import BillViewStatus
from .block_body import BlockBody
from .body_return_from_provider_posted import BodyReturnFromProviderPosted
from .book_body import BookBody
from .booking_agreement import BookingAgreement
from .booking_client_view import BookingClientView
from .booking_delivery import BookingDelivery
from .booking_kind import BookingKind
from .booking_mode import BookingMode
from .booking_policy_view import BookingPolicyView
from .booking_session_view import BookingSessionView
from .booking_session_view_status import BookingSessionViewStatus
from .booking_status import BookingStatus
from .booking_view import BookingView
from .booking_view_attendance_type_0 import BookingViewAttendanceType0
from .bundle_change import BundleChange
from .bundle_item_body import BundleItemBody
from .bundle_item_view import BundleItemView
from .bundle_view import BundleView
from .busy_view import BusyView
from .busy_view_source import BusyViewSource
from .call_fault_body import CallFaultBody
from .cancel_at import CancelAt
from .cancel_body import CancelBody
from .cancel_policy import CancelPolicy
from .cancel_session_body import CancelSessionBody
from .cancellation import Cancellation
from .cancelled_view import CancelledView
from .card_changed import CardChanged
from .card_changed_advice_code_type_0 import CardChangedAdviceCodeType0
from .card_error import CardError
from .card_payment import CardPayment
from .card_payment_status import CardPaymentStatus
from .card_status import CardStatus
from .catalog_decision import CatalogDecision
from .catalog_delivery import CatalogDelivery
from .catalog_policy_view import CatalogPolicyView
from .category_view import CategoryView
from .certificate_view import CertificateView
from .change_preview import ChangePreview
from .channel_preferences import ChannelPreferences
from .chargeback import Chargeback
from .chargebacked import Chargebacked
from .check_in_body import CheckInBody
from .child_view import ChildView
from .client_change import ClientChange
from .comment_view import CommentView
from .confirm_payment import ConfirmPayment
from .confirmation import Confirmation
from .confirmed_totp import ConfirmedTotp
from .consent_scope import ConsentScope
from .consent_view import ConsentView
from .consent_view_scope_type_0 import ConsentViewScopeType0
from .conversation_view import ConversationView
from .course_view import CourseView
from .created_api_key import CreatedApiKey
from .created_client import CreatedClient
from .credentials import Credentials
from .date_view import DateView
from .date_view_status import DateViewStatus
from .dates_body import DatesBody
from .deactivated_user import DeactivatedUser
from .deactivation import Deactivation
from .decline_body import DeclineBody
from .dispute_closed import DisputeClosed
from .dispute_closed_status import DisputeClosedStatus
from .dispute_opened import DisputeOpened
from .document_view import DocumentView
from .earning_status import EarningStatus
from .earning_view import EarningView
from .earnings_summary import EarningsSummary
from .effective import Effective
from .end_reason import EndReason
from .ended_sessions import EndedSessions
from .entry import Entry
from .entry_kind import EntryKind
from .entry_status import EntryStatus
from .entry_view import EntryView
from .erasure_by_staff import ErasureByStaff
from .erasure_preview import ErasurePreview
from .erasure_proof import ErasureProof
from .erasure_status import ErasureStatus
from .erasure_view import ErasureView
from .erasure_wish import ErasureWish
from .export_status import ExportStatus
from .export_view import ExportView
from .failure import Failure
from .fee_view import FeeView
from .fee_view_status import FeeViewStatus
from .fees import Fees
from .fees_view import FeesView
from .field_error import FieldError
from .figures import Figures
from .follow_view import FollowView
from .follow_view_source import FollowViewSource
from .fraud_warning import FraudWarning
from .get_openid_configuration_response_get_openid_configuration import (
    GetOpenidConfigurationResponseGetOpenidConfiguration,
)
from .grant_type import GrantType
from .granted_roles import GrantedRoles
from .hand_off_view import HandOffView
from .happened import Happened
from .identity_account_view import IdentityAccountView
from .identity_account_view_status import IdentityAccountViewStatus
from .identity_agreement import IdentityAgreement
from .identity_client_view import IdentityClientView
from .identity_decision import IdentityDecision
from .identity_resolution import IdentityResolution
from .identity_session_view import IdentitySessionView
from .identity_session_view_kind import IdentitySessionViewKind
from .impersonation_token import ImpersonationToken
from .inactive_reason import InactiveReason
from .interval import Interval
from .invitation_status import InvitationStatus
from .invitation_view import InvitationView
from .invite_body import InviteBody
from .kept_view import KeptView
from .key_set import KeySet
from .key_set_keys_item import KeySetKeysItem
from .keys_forgotten import KeysForgotten
from .leaving import Leaving
from .limits_body import LimitsBody
from .limits_view import LimitsView
from .linked import Linked
from .list_bookings_as_type_0 import ListBookingsAsType0
from .list_passes_as_type_0 import ListPassesAsType0
from .list_past_bookings_as_type_0 import ListPastBookingsAsType0
from .list_upcoming_bookings_as_type_0 import ListUpcomingBookingsAsType0
from .listed_account import ListedAccount
from .listed_account_status import ListedAccountStatus
from .listing_of_api_key_view import ListingOfApiKeyView
from .listing_of_booking_view import ListingOfBookingView
from .listing_of_bundle_view import ListingOfBundleView
from .listing_of_busy_view import ListingOfBusyView
from .listing_of_client_view import ListingOfClientView
from .listing_of_comment_view import ListingOfCommentView
from .listing_of_consent_view import ListingOfConsentView
from .listing_of_conversation_view import ListingOfConversationView
from .listing_of_date_view import ListingOfDateView
from .listing_of_document_view import ListingOfDocumentView
from .listing_of_earning_view import ListingOfEarningView
from .listing_of_entry import ListingOfEntry
from .listing_of_entry_view import ListingOfEntryView
from .listing_of_erasure_proof import ListingOfErasureProof
from .listing_of_follow_view import ListingOfFollowView
from .listing_of_invitation_view import ListingOfInvitationView
from .listing_of_listed_account import ListingOfListedAccount
from .listing_of_location_view import ListingOfLocationView
from .listing_of_message_view import ListingOfMessageView
from .listing_of_method_view import ListingOfMethodView
from .listing_of_named_schedule_view import ListingOfNamedScheduleView
from .listing_of_order_summary import ListingOfOrderSummary
from .listing_of_package_view import ListingOfPackageView
from .listing_of_pass_view import ListingOfPassView
from .listing_of_passkey_view import ListingOfPasskeyView
from .listing_of_payout_view import ListingOfPayoutView
from .listing_of_period_view import ListingOfPeriodView
from .listing_of_plan_view import ListingOfPlanView
from .listing_of_post_view_or_locked_post_view import ListingOfPostViewOrLockedPostView
from .listing_of_practitioner_view import ListingOfPractitionerView
from .listing_of_report_view import ListingOfReportView
from .listing_of_resource_view import ListingOfResourceView
from .listing_of_retention_view import ListingOfRetentionView
from .listing_of_reviewed_practitioner import ListingOfReviewedPractitioner
from .listing_of_role_view import ListingOfRoleView
from .listing_of_roster_entry import ListingOfRosterEntry
from .listing_of_service_view import ListingOfServiceView
from .listing_of_session_view import ListingOfSessionView
from .listing_of_slot_view import ListingOfSlotView
from .listing_of_stream_view import ListingOfStreamView
from .listing_of_subscription_view import ListingOfSubscriptionView
from .listing_of_time_off_view import ListingOfTimeOffView
from .listing_of_transaction_view import ListingOfTransactionView
from .location_change import LocationChange
from .location_view import LocationView
from .location_view_precision_type_0 import LocationViewPrecisionType0
from .locked_post_view import LockedPostView
from .logout import Logout
from .mark import Mark
from .mark_body import MarkBody
from .marks_body import MarksBody
from .membership_features import MembershipFeatures
from .membership_plan import MembershipPlan
from .membership_plan_change import MembershipPlanChange
from .message_view import MessageView
from .messaging_resolution import MessagingResolution
from .messaging_resolution_outcome import MessagingResolutionOutcome
from .method_view import MethodView
from .mfa_change import MfaChange
from .mfa_changed import MfaChanged
from .mfa_state import MfaState
from .mode import Mode
from .money import Money
from .move_body import MoveBody
from .move_view import MoveView
from .move_view_by import MoveViewBy
from .named_schedule_body import NamedScheduleBody
from .named_schedule_view import NamedScheduleView
from .named_schedule_view_overrides_item import NamedScheduleViewOverridesItem
from .named_schedule_view_weekly_item import NamedScheduleViewWeeklyItem
from .named_schedule_view_zone_changes_item import NamedScheduleViewZoneChangesItem
from .native_token import NativeToken
from .new_address import NewAddress
from .new_api_key import NewApiKey
from .new_bundle import NewBundle
from .new_client import NewClient
from .new_comment import NewComment
from .new_consent import NewConsent
from .new_conversation import NewConversation
from .new_date import NewDate
from .new_document import NewDocument
from .new_follow import NewFollow
from .new_hand_off import NewHandOff
from .new_impersonation import NewImpersonation
from .new_invitation import NewInvitation
from .new_location import NewLocation
from .new_message import NewMessage
from .new_package import NewPackage
from .new_passkey import NewPasskey
from .new_passkey_credential import NewPasskeyCredential
from .new_poll import NewPoll
from .new_post import NewPost
from .new_recovery_codes import NewRecoveryCodes
from .new_report import NewReport
from .new_secret import NewSecret
from .new_series import NewSeries
from .new_service import NewService
from .new_stream import NewStream
from .new_subscription import NewSubscription
from .new_tier import NewTier
from .new_tip import NewTip
from .new_totp import NewTotp
from .new_vote import NewVote
from .no_features import NoFeatures
from .no_fields import NoFields
from .notes_body import NotesBody
from .notification_listing import NotificationListing
from .notification_view import NotificationView
from .notification_view_data import NotificationViewData
from .now import Now
from .onboarding import Onboarding
from .open_obligation import OpenObligation
from .option_view import OptionView
from .order_detail import OrderDetail
from .order_kind import OrderKind
from .order_line_view import OrderLineView
from .order_refund import OrderRefund
from .order_status import OrderStatus
from .order_summary import OrderSummary
from .organizer_plan import OrganizerPlan
from .organizer_plan_change import OrganizerPlanChange
from .outcome import Outcome
from .override import Override
from .own_practitioner import OwnPractitioner
from .package_change import PackageChange
from .package_item_body import PackageItemBody
from .package_item_view import PackageItemView
from .package_view import PackageView
from .paid_outside import PaidOutside
from .participant_view import ParticipantView
from .pass_body import PassBody
from .pass_session_status import PassSessionStatus
from .pass_session_view import PassSessionView
from .pass_status import PassStatus
from .pass_view import PassView
from .passkey_change import PasskeyChange
from .passkey_options import PasskeyOptions
from .passkey_options_options import PasskeyOptionsOptions
from .passkey_sign_in import PasskeySignIn
from .passkey_sign_in_credential import PasskeySignInCredential
from .passkey_view import PasskeyView
from .password_change import PasswordChange
from .pause import Pause
from .payable_order import PayableOrder
from .payment_view import PaymentView
from .payment_view_status_type_0 import PaymentViewStatusType0
from .payments_account_view import PaymentsAccountView
from .payout_failed import PayoutFailed
from .payout_failed_failure_code import PayoutFailedFailureCode
from .payout_request import PayoutRequest
from .payout_schedule import PayoutSchedule
from .payout_status import PayoutStatus
from .payout_view import PayoutView
from .pending_change import PendingChange
from .period_status import PeriodStatus
from .period_view import PeriodView
from .plan_choice import PlanChoice
from .plan_kind import PlanKind
from .plan_price_body import PlanPriceBody
from .plan_price_view import PlanPriceView
from .plan_view import PlanView
from .platform_features import PlatformFeatures
from .platform_plan import PlatformPlan
from .platform_plan_change import PlatformPlanChange
from .point import Point
from .point_view import PointView
from .poll_view import PollView
from .post_change import PostChange
from .post_status import PostStatus
from .post_type import PostType
from .post_view import PostView
from .practitioner_view import PractitionerView
from .preferences_change import PreferencesChange
from .preferences_view import PreferencesView
from .present_address import PresentAddress
from .problem import Problem
from .profile_change import ProfileChange
from .proven_address import ProvenAddress
from .provider_view import ProviderView
from .purchase import Purchase
from .purchase_order import PurchaseOrder
from .read_up_to import ReadUpTo
from .reasoned import Reasoned
from .received import Received
from .refresh import Refresh
from .refund_body import RefundBody
from .refund_failed import RefundFailed
from .refund_of import RefundOf
from .refund_outside import RefundOutside
from .refund_status import RefundStatus
from .refund_view import RefundView
from .registration import Registration
from .rejection import Rejection
from .repeat import Repeat
from .repeat_on_conflict import RepeatOnConflict
from .report_status import ReportStatus
from .report_view import ReportView
from .reset_confirmation import ResetConfirmation
from .reset_request import ResetRequest
from .resource_body import ResourceBody
from .resource_kind import ResourceKind
from .resource_need import ResourceNeed
from .resource_need_view import ResourceNeedView
from .resource_view import ResourceView
from .resume_payment import ResumePayment
from .retention_view import RetentionView
from .reviewed_practitioner import ReviewedPractitioner
from .role import Role
from .role_view import RoleView
from .roster_entry import RosterEntry
from .roster_entry_attendance_type_0 import RosterEntryAttendanceType0
from .save_card import SaveCard
from .schedule_body import ScheduleBody
from .schedule_choice import ScheduleChoice
from .schedule_view import ScheduleView
from .schedule_view_overrides_item import ScheduleViewOverridesItem
from .schedule_view_weekly_item import ScheduleViewWeeklyItem
from .schedule_view_zone_changes_item import ScheduleViewZoneChangesItem
from .second_step import SecondStep
from .second_step_credential_type_0 import SecondStepCredentialType0
from .second_step_method import SecondStepMethod
from .second_step_ticket import SecondStepTicket
from .service_change import ServiceChange
from .service_limits import ServiceLimits
from .service_limits_view import ServiceLimitsView
from .service_proof import ServiceProof
from .service_proof_erased_type_0 import ServiceProofErasedType0
from .service_type import ServiceType
from .service_view import ServiceView
from .session_move_body import SessionMoveBody
from .setup_status import SetupStatus
from .setup_view import SetupView
from .shown_bill import ShownBill
from .shown_subscription import ShownSubscription
from .slot_view import SlotView
from .social_code import SocialCode
from .social_start import SocialStart
from .social_started import SocialStarted
from .split_view import SplitView
from .staff_cancellation import StaffCancellation
from .step import Step
from .step_up import StepUp
from .step_up_credential_type_0 import StepUpCredentialType0
from .step_up_method import StepUpMethod
from .stepped_up import SteppedUp
from .stream_change import StreamChange
from .stream_view import StreamView
from .subscribed_view import SubscribedView
from .subscription_status import SubscriptionStatus
from .subscription_view import SubscriptionView
from .ticket_view import TicketView
from .tier_view import TierView
from .time_off_body import TimeOffBody
from .time_off_view import TimeOffView
from .token import Token
from .token_pair import TokenPair
from .totp_confirmation import TotpConfirmation
from .transaction_view import TransactionView
from .transfer import Transfer
from .unread_count import UnreadCount
from .user_change import UserChange
from .user_change_preferences_type_0 import UserChangePreferencesType0
from .user_view import UserView
from .user_view_preferences import UserViewPreferences
from .user_view_status import UserViewStatus
from .usual_schedule_body import UsualScheduleBody
from .usual_schedule_view import UsualScheduleView
from .usual_schedule_view_overrides_item import UsualScheduleViewOverridesItem
from .usual_schedule_view_weekly_item import UsualScheduleViewWeeklyItem
from .usual_schedule_view_zone_changes_item import UsualScheduleViewZoneChangesItem
from .validity_body import ValidityBody
from .verification import Verification
from .verification_status import VerificationStatus
from .verification_view import VerificationView
from .verification_view_status import VerificationViewStatus
from .visibility import Visibility
from .wait_body import WaitBody
from .webhook_faults import WebhookFaults
from .weekly_window import WeeklyWindow
from .window_body import WindowBody
from .zone_change_body import ZoneChangeBody

__all__ = (
    "AcceptBody",
    "Acceptance",
    "Accepted",
    "AccountChanged",
    "AccountChangedCapabilities",
    "AccountKind",
    "AccountRequest",
    "AccountStatus",
    "Advance",
    "Algorithm",
    "AnnouncedView",
    "ApiKeyView",
    "Application",
    "Applied",
    "Attendee",
    "AttendeeView",
    "AuditEntry",
    "AuditEntryAfter",
    "AuditEntryBefore",
    "AuditListing",
    "Balance",
    "BenefitsView",
    "BillView",
    "BillViewStatus",
    "BlockBody",
    "BodyReturnFromProviderPosted",
    "BookBody",
    "BookingAgreement",
    "BookingClientView",
    "BookingDelivery",
    "BookingKind",
    "BookingMode",
    "BookingPolicyView",
    "BookingSessionView",
    "BookingSessionViewStatus",
    "BookingStatus",
    "BookingView",
    "BookingViewAttendanceType0",
    "BundleChange",
    "BundleItemBody",
    "BundleItemView",
    "BundleView",
    "BusyView",
    "BusyViewSource",
    "CallFaultBody",
    "CancelAt",
    "CancelBody",
    "CancelPolicy",
    "CancelSessionBody",
    "Cancellation",
    "CancelledView",
    "CardChanged",
    "CardChangedAdviceCodeType0",
    "CardError",
    "CardPayment",
    "CardPaymentStatus",
    "CardStatus",
    "CatalogDecision",
    "CatalogDelivery",
    "CatalogPolicyView",
    "CategoryView",
    "CertificateView",
    "ChangePreview",
    "ChannelPreferences",
    "Chargeback",
    "Chargebacked",
    "CheckInBody",
    "ChildView",
    "ClientChange",
    "CommentView",
    "ConfirmPayment",
    "Confirmation",
    "ConfirmedTotp",
    "ConsentScope",
    "ConsentView",
    "ConsentViewScopeType0",
    "ConversationView",
    "CourseView",
    "CreatedApiKey",
    "CreatedClient",
    "Credentials",
    "DateView",
    "DateViewStatus",
    "DatesBody",
    "DeactivatedUser",
    "Deactivation",
    "DeclineBody",
    "DisputeClosed",
    "DisputeClosedStatus",
    "DisputeOpened",
    "DocumentView",
    "EarningStatus",
    "EarningView",
    "EarningsSummary",
    "Effective",
    "EndReason",
    "EndedSessions",
    "Entry",
    "EntryKind",
    "EntryStatus",
    "EntryView",
    "ErasureByStaff",
    "ErasurePreview",
    "ErasureProof",
    "ErasureStatus",
    "ErasureView",
    "ErasureWish",
    "ExportStatus",
    "ExportView",
    "Failure",
    "FeeView",
    "FeeViewStatus",
    "Fees",
    "FeesView",
    "FieldError",
    "Figures",
    "FollowView",
    "FollowViewSource",
    "FraudWarning",
    "GetOpenidConfigurationResponseGetOpenidConfiguration",
    "GrantType",
    "GrantedRoles",
    "HandOffView",
    "Happened",
    "IdentityAccountView",
    "IdentityAccountViewStatus",
    "IdentityAgreement",
    "IdentityClientView",
    "IdentityDecision",
    "IdentityResolution",
    "IdentitySessionView",
    "IdentitySessionViewKind",
    "ImpersonationToken",
    "InactiveReason",
    "Interval",
    "InvitationStatus",
    "InvitationView",
    "InviteBody",
    "KeptView",
    "KeySet",
    "KeySetKeysItem",
    "KeysForgotten",
    "Leaving",
    "LimitsBody",
    "LimitsView",
    "Linked",
    "ListBookingsAsType0",
    "ListPassesAsType0",
    "ListPastBookingsAsType0",
    "ListUpcomingBookingsAsType0",
    "ListedAccount",
    "ListedAccountStatus",
    "ListingOfApiKeyView",
    "ListingOfBookingView",
    "ListingOfBundleView",
    "ListingOfBusyView",
    "ListingOfClientView",
    "ListingOfCommentView",
    "ListingOfConsentView",
    "ListingOfConversationView",
    "ListingOfDateView",
    "ListingOfDocumentView",
    "ListingOfEarningView",
    "ListingOfEntry",
    "ListingOfEntryView",
    "ListingOfErasureProof",
    "ListingOfFollowView",
    "ListingOfInvitationView",
    "ListingOfListedAccount",
    "ListingOfLocationView",
    "ListingOfMessageView",
    "ListingOfMethodView",
    "ListingOfNamedScheduleView",
    "ListingOfOrderSummary",
    "ListingOfPackageView",
    "ListingOfPassView",
    "ListingOfPasskeyView",
    "ListingOfPayoutView",
    "ListingOfPeriodView",
    "ListingOfPlanView",
    "ListingOfPostViewOrLockedPostView",
    "ListingOfPractitionerView",
    "ListingOfReportView",
    "ListingOfResourceView",
    "ListingOfRetentionView",
    "ListingOfReviewedPractitioner",
    "ListingOfRoleView",
    "ListingOfRosterEntry",
    "ListingOfServiceView",
    "ListingOfSessionView",
    "ListingOfSlotView",
    "ListingOfStreamView",
    "ListingOfSubscriptionView",
    "ListingOfTimeOffView",
    "ListingOfTransactionView",
    "LocationChange",
    "LocationView",
    "LocationViewPrecisionType0",
    "LockedPostView",
    "Logout",
    "Mark",
    "MarkBody",
    "MarksBody",
    "MembershipFeatures",
    "MembershipPlan",
    "MembershipPlanChange",
    "MessageView",
    "MessagingResolution",
    "MessagingResolutionOutcome",
    "MethodView",
    "MfaChange",
    "MfaChanged",
    "MfaState",
    "Mode",
    "Money",
    "MoveBody",
    "MoveView",
    "MoveViewBy",
    "NamedScheduleBody",
    "NamedScheduleView",
    "NamedScheduleViewOverridesItem",
    "NamedScheduleViewWeeklyItem",
    "NamedScheduleViewZoneChangesItem",
    "NativeToken",
    "NewAddress",
    "NewApiKey",
    "NewBundle",
    "NewClient",
    "NewComment",
    "NewConsent",
    "NewConversation",
    "NewDate",
    "NewDocument",
    "NewFollow",
    "NewHandOff",
    "NewImpersonation",
    "NewInvitation",
    "NewLocation",
    "NewMessage",
    "NewPackage",
    "NewPasskey",
    "NewPasskeyCredential",
    "NewPoll",
    "NewPost",
    "NewRecoveryCodes",
    "NewReport",
    "NewSecret",
    "NewSeries",
    "NewService",
    "NewStream",
    "NewSubscription",
    "NewTier",
    "NewTip",
    "NewTotp",
    "NewVote",
    "NoFeatures",
    "NoFields",
    "NotesBody",
    "NotificationListing",
    "NotificationView",
    "NotificationViewData",
    "Now",
    "Onboarding",
    "OpenObligation",
    "OptionView",
    "OrderDetail",
    "OrderKind",
    "OrderLineView",
    "OrderRefund",
    "OrderStatus",
    "OrderSummary",
    "OrganizerPlan",
    "OrganizerPlanChange",
    "Outcome",
    "Override",
    "OwnPractitioner",
    "PackageChange",
    "PackageItemBody",
    "PackageItemView",
    "PackageView",
    "PaidOutside",
    "ParticipantView",
    "PassBody",
    "PassSessionStatus",
    "PassSessionView",
    "PassStatus",
    "PassView",
    "PasskeyChange",
    "PasskeyOptions",
    "PasskeyOptionsOptions",
    "PasskeySignIn",
    "PasskeySignInCredential",
    "PasskeyView",
    "PasswordChange",
    "Pause",
    "PayableOrder",
    "PaymentView",
    "PaymentViewStatusType0",
    "PaymentsAccountView",
    "PayoutFailed",
    "PayoutFailedFailureCode",
    "PayoutRequest",
    "PayoutSchedule",
    "PayoutStatus",
    "PayoutView",
    "PendingChange",
    "PeriodStatus",
    "PeriodView",
    "PlanChoice",
    "PlanKind",
    "PlanPriceBody",
    "PlanPriceView",
    "PlanView",
    "PlatformFeatures",
    "PlatformPlan",
    "PlatformPlanChange",
    "Point",
    "PointView",
    "PollView",
    "PostChange",
    "PostStatus",
    "PostType",
    "PostView",
    "PractitionerView",
    "PreferencesChange",
    "PreferencesView",
    "PresentAddress",
    "Problem",
    "ProfileChange",
    "ProvenAddress",
    "ProviderView",
    "Purchase",
    "PurchaseOrder",
    "ReadUpTo",
    "Reasoned",
    "Received",
    "Refresh",
    "RefundBody",
    "RefundFailed",
    "RefundOf",
    "RefundOutside",
    "RefundStatus",
    "RefundView",
    "Registration",
    "Rejection",
    "Repeat",
    "RepeatOnConflict",
    "ReportStatus",
    "ReportView",
    "ResetConfirmation",
    "ResetRequest",
    "ResourceBody",
    "ResourceKind",
    "ResourceNeed",
    "ResourceNeedView",
    "ResourceView",
    "ResumePayment",
    "RetentionView",
    "ReviewedPractitioner",
    "Role",
    "RoleView",
    "RosterEntry",
    "RosterEntryAttendanceType0",
    "SaveCard",
    "ScheduleBody",
    "ScheduleChoice",
    "ScheduleView",
    "ScheduleViewOverridesItem",
    "ScheduleViewWeeklyItem",
    "ScheduleViewZoneChangesItem",
    "SecondStep",
    "SecondStepCredentialType0",
    "SecondStepMethod",
    "SecondStepTicket",
    "ServiceChange",
    "ServiceLimits",
    "ServiceLimitsView",
    "ServiceProof",
    "ServiceProofErasedType0",
    "ServiceType",
    "ServiceView",
    "SessionMoveBody",
    "SetupStatus",
    "SetupView",
    "ShownBill",
    "ShownSubscription",
    "SlotView",
    "SocialCode",
    "SocialStart",
    "SocialStarted",
    "SplitView",
    "StaffCancellation",
    "Step",
    "StepUp",
    "StepUpCredentialType0",
    "StepUpMethod",
    "SteppedUp",
    "StreamChange",
    "StreamView",
    "SubscribedView",
    "SubscriptionStatus",
    "SubscriptionView",
    "TicketView",
    "TierView",
    "TimeOffBody",
    "TimeOffView",
    "Token",
    "TokenPair",
    "TotpConfirmation",
    "TransactionView",
    "Transfer",
    "UnreadCount",
    "UserChange",
    "UserChangePreferencesType0",
    "UserView",
    "UserViewPreferences",
    "UserViewStatus",
    "UsualScheduleBody",
    "UsualScheduleView",
    "UsualScheduleViewOverridesItem",
    "UsualScheduleViewWeeklyItem",
    "UsualScheduleViewZoneChangesItem",
    "ValidityBody",
    "Verification",
    "VerificationStatus",
    "VerificationView",
    "VerificationViewStatus",
    "Visibility",
    "WaitBody",
    "WebhookFaults",
    "WeeklyWindow",
    "WindowBody",
    "ZoneChangeBody",
)
