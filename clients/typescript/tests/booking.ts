/** Books the first free slot of the demo's practitioner and pays it: `node dist/tests/booking.js http://localhost:8000`. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { estuary, type Problem, type Schema } from "../src/index.ts";

const DAY = 24 * 60 * 60 * 1000;
const url = process.argv[2] ?? "http://localhost:8000";

/** The data of an answer, or an error with what the problem says. */
function found<Data>(answer: { data?: Data; error?: Problem | undefined }): Data {
  assert(answer.data !== undefined, `${answer.error?.code}: ${answer.error?.detail}`);
  return answer.data;
}

const day = (after: number): string => new Date(Date.now() + after * DAY).toISOString().slice(0, 10);

async function main(): Promise<void> {
  const credentials = { email: "client@estuary.example", password: "estuary-demo" };
  const pair = found(await estuary(url).POST("/api/v1/auth/login/", { body: credentials }));
  const api = estuary(url, pair.access_token);

  const services = found(await api.GET("/api/v1/services/", { params: { query: { price_min: 1 } } }));
  const service = services.results[0];
  assert(service, "the demo sells something");
  const slots = found(
    await api.GET("/api/v1/practitioners/{practitioner_id}/availability/", {
      params: {
        path: { practitioner_id: service.practitioner_id },
        query: { service_id: service.id, from: day(2), to: day(16) },
      },
    }),
  );
  const slot = slots.results[0];
  assert(slot, "the demo has free slots");

  const seat = { service_id: service.id, start_time: slot.start_time };
  const booked = found(
    await api.POST("/api/v1/bookings/", { body: seat, headers: { "Idempotency-Key": randomUUID() } }),
  );
  assert.equal(booked.status, "pending_payment");
  assert(booked.payment?.order_id, "something is due");
  const paid = found(
    await api.POST("/api/v1/payments/confirm/", {
      body: { order_id: booked.payment.order_id, payment_method: "pm_card_visa" },
    }),
  );
  assert.equal(paid.status, "succeeded");
  console.log(`${await confirmed(api, booked.id)}: ${booked.total.amount} ${booked.total.currency}`);

  const unknown = { service_id: randomUUID(), start_time: slot.start_time };
  const refused = await api.POST("/api/v1/bookings/", { body: unknown });
  assert.equal(refused.error?.code, "not_found");
}

async function confirmed(api: ReturnType<typeof estuary>, id: string): Promise<Schema<"BookingStatus">> {
  for (let tries = 0; tries < 100; tries++) {
    const now = found(await api.GET("/api/v1/bookings/{booking_id}/", { params: { path: { booking_id: id } } }));
    if (now.status === "confirmed") return now.status;
    await sleep(100);
  }
  throw new Error("the booking was paid and is not confirmed");
}

await main();
