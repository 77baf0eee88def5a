"""catalog: practitioners and their verification, the services and packages that they sell, categories, and search.

Events out: PractitionerApplied, PractitionerVerificationChanged, PractitionerUpdated, ServiceCreated,
ServiceUpdated, ServiceDeactivated. Events in: UserDeactivated (takes the person and their services out of all lists),
UserSuspended, UserRestored; SessionScheduled, SessionMoved, SessionCancelled (`dates/`); OpeningsChanged (`openings/`).
Folders by noun, each standing on the later ones only: `packages/`, `services/`, `practitioners/`, then `categories/`,
`dates/`, `openings/`, `plans/` and `search/`.
"""
