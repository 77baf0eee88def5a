-- Openings know the notice of their service, so that a search looks at nothing else.
create or replace function {schema}.keep_notice_of_openings() returns trigger language plpgsql as $$
begin
    update {schema}.openings set notice_minutes = new.min_notice_minutes where service_id = new.id;
    return null;
end $$;

create or replace trigger services_notice after update of min_notice_minutes on {schema}.services
    for each row when (old.min_notice_minutes <> new.min_notice_minutes)
    execute function {schema}.keep_notice_of_openings();
