"""Booking owns time: working hours, availability, holds, bookings, the checkout saga, cancellations and rooms.

Events out: BookingConfirmed, BookingStarted, BookingCompleted, BookingNoShow, BookingCancelled, BookingExpired,
BookingRescheduled. Events in: ServiceCreated, ServiceUpdated, ServiceDeactivated; PaymentSucceeded, OrderRefunded,
OrderRefundFailed; UserDeactivated, PractitionerVerificationChanged (`people/`: who is gone, and who may sell no more).
"""
