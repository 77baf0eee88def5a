"""Booking owns time: working hours, availability, holds, bookings, the checkout saga, cancellations, fees and rooms.

Events out: BookingRequested, BookingDeclined, BookingConfirmed, BookingStarted, BookingCompleted, BookingNoShow,
BookingCancelled, BookingExpired, BookingRescheduled, AttendanceRecorded, CertificateIssued, SessionScheduled,
SessionMoved, SessionCancelled, SeriesDateLeftOut, OpeningsChanged, SeatOffered. Events in: ServiceCreated,
ServiceUpdated, ServiceDeactivated (`service_copies/`); UserRegistered, UserUpdated (`people/`); PaymentSucceeded,
PaymentAuthorized, ChargebackOpened, ChargebackEnded (`checkout/`); OrderRefunded, OrderRefundFailed (`cancellations/`);
UserDeactivated, PractitionerVerificationChanged (`departures/`).

Its nouns stand on each other one way, from `people` up to `departures` (the layers in `pyproject.toml`).
"""
