-- Texts as one (how a search folds them: libs/shared/database/search.sql). array_to_string is only STABLE (an element's output could depend on settings); texts only make it as
-- good as immutable, which generated columns demand.
create or replace function {schema}.joined(given text[]) returns text language sql immutable parallel safe strict
return array_to_string(given, ' ');
