/** The public API of Estuary. `estuary("https://...", token).GET("/api/v1/services/")` answers `{data, error}`. */
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

export type { components, operations, paths } from "./schema.d.ts";
/** `Schema<"BookingView">`: what the API calls so. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];
/** What every refused call answers as `error`. */
export type Problem = Schema<"Problem">;
export type Estuary = Client<paths>;

/** A client for the install at `baseUrl`, signed in where an access token is given. */
export function estuary(baseUrl: string, token?: string): Estuary {
  return createClient<paths>({ baseUrl, headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });
}
