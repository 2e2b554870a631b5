/** How the tables of effects write one cell, and the sentences that several of them need. */
import type { Effect, Effects } from "./change.js";

export function same(why: string): Effect {
  return { verdict: "same", why };
}

export function compatible(why: string): Effect {
  return { verdict: "compatible", why };
}

export function breaking(why: string): Effect {
  return { verdict: "breaking", why };
}

/** The same for every protocol. */
export function everywhere(effect: Effect): Effects {
  return { soap: effect, grpc: effect, json: effect, cobol: effect };
}

/** What is written in one protocol's messages and in no other's. */
export const NOT_IN = {
  soap: same("XML messages do not carry it."),
  grpc: same("Protobuf messages do not carry it."),
  json: same("JSON messages do not carry it."),
  cobol: same("The records do not carry it."),
} as const;

/** A record is read and written by position and length: what was compiled with the record before reads another one. */
export const LAYOUT = breaking("The record has another layout: programs need the new copybook.");

export const DOCUMENTATION = everywhere(same("Text for people; no message carries it."));
