"""catalog: practitioners, their verification, and the services that they offer.

Events out: PractitionerApplied, PractitionerVerificationChanged, PractitionerUpdated, ServiceCreated,
ServiceUpdated, ServiceDeactivated. Events in: UserDeactivated (takes the person and their services out of all lists).
Folders by noun: `practitioners/` (profile, onboarding, verification), `offers/` (what the API calls services).
"""
