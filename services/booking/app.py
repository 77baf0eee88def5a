"""Wires booking together."""

from fastapi import FastAPI

from services.booking import privacy
from services.booking.attendance import routes as attendance
from services.booking.bookings import jobs as booking_jobs
from services.booking.bookings import routes as bookings
from services.booking.calendar_files import routes as calendar_files
from services.booking.calendars import routes as calendars
from services.booking.cancellations import consumers as cancellation_consumers
from services.booking.cancellations import jobs as cancellation_jobs
from services.booking.cancellations import routes as cancellations
from services.booking.certificates import routes as certificates
from services.booking.checkout import consumers as checkout_consumers
from services.booking.checkout import jobs as checkout_jobs
from services.booking.checkout import routes as checkout
from services.booking.dates import jobs as date_jobs
from services.booking.dates import routes as dates
from services.booking.departures import consumers as departure_consumers
from services.booking.departures import jobs as departure_jobs
from services.booking.fees import jobs as fee_jobs
from services.booking.fees import routes as fees
from services.booking.locations import consumers as location_consumers
from services.booking.locations import routes as locations
from services.booking.named_schedules import routes as named_schedules
from services.booking.openings import jobs as opening_jobs
from services.booking.pass_sales import jobs as pass_jobs
from services.booking.pass_sales import routes as passes
from services.booking.people import consumers as people_consumers
from services.booking.requests import jobs as request_jobs
from services.booking.requests import routes as requests
from services.booking.reschedules import routes as reschedules
from services.booking.resources import routes as resources
from services.booking.rooms import jobs as room_jobs
from services.booking.rooms import routes as rooms
from services.booking.runtime import BookingRuntime
from services.booking.schedules import routes as schedules
from services.booking.service_copies import consumers as service_consumers
from services.booking.settings import BookingSettings
from services.booking.time_off import routes as time_off
from services.booking.waitlist import jobs as waitlist_jobs
from services.booking.waitlist import routes as waitlist
from shared.runtime import Runtime
from shared.video import LiveKitRooms, UnservedRooms, VideoRooms
from shared.web.app import build

DEVELOPMENT_URL = "ws://127.0.0.1:7880"

ROUTERS = [
    schedules.router,
    named_schedules.router,
    time_off.router,
    resources.router,
    calendars.router,
    checkout.router,
    bookings.router,
    requests.router,
    reschedules.router,
    reschedules.sessions,
    cancellations.router,
    waitlist.router,
    dates.router,
    passes.router,
    rooms.router,
    attendance.router,
    calendar_files.router,
    fees.router,
    certificates.router,
    checkout.internal,
    resources.internal,
    locations.internal,
]
CONSUMERS = {
    **service_consumers.CONSUMERS,
    **location_consumers.CONSUMERS,
    **people_consumers.CONSUMERS,
    **checkout_consumers.CONSUMERS,
    **cancellation_consumers.CONSUMERS,
    **departure_consumers.CONSUMERS,
    **privacy.CONSUMERS,
}
JOBS = {
    **checkout_jobs.JOBS,
    **request_jobs.JOBS,
    **cancellation_jobs.JOBS,
    **booking_jobs.JOBS,
    **pass_jobs.JOBS,
    **room_jobs.JOBS,
    **fee_jobs.JOBS,
    **waitlist_jobs.JOBS,
    **departure_jobs.JOBS,
    **opening_jobs.JOBS,
    **date_jobs.JOBS,
}


def video_of(settings: BookingSettings) -> VideoRooms:
    """LiveKit where the settings name one, else tokens alone."""
    url = settings.livekit_url or DEVELOPMENT_URL
    keys = (url, settings.livekit_api_key, settings.livekit_api_secret)
    return LiveKitRooms(*keys, settings.livekit_api) if settings.livekit_api else UnservedRooms(*keys)


def create_app(runtime: Runtime) -> FastAPI:
    """The booking service."""
    settings = BookingSettings.of(runtime.env)
    own = BookingRuntime.of(runtime, video=video_of(settings), settings=settings)
    return build(own, title="booking", routers=ROUTERS, consumers=CONSUMERS, jobs=JOBS, privacy=privacy.PRIVACY)
