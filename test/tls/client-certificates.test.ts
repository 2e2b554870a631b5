/** Callers who prove themselves by a certificate, and those who do not. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { Client, credentials, status } from "@grpc/grpc-js";
import { GRPCInferenceService } from "../../src/proto/gen/inference/grpc_predict_v2_pb.js";
import { ask } from "../oip/oip-harness.js";
import { rsaKey } from "../support/certificates.js";
import {
  callOver,
  decide,
  makeAuthority,
  makePki,
  SAMPLE,
  serveTls,
  statusLine,
  type ServedTls,
  type Shown,
} from "./tls-harness.js";

const HOUR_MS = 3_600_000;
const SPIFFE = "spiffe://bank/payments";

/** A caller of TLS 1.3 hears of its refusal only after its own handshake. */
async function isRefused(dialled: Promise<TLSSocket>): Promise<boolean> {
  try {
    const socket = await dialled;
    socket.resume();
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    return await Promise.race([
      once(socket, "close").then(() => true),
      once(socket, "data").then(() => false),
    ]);
  } catch {
    return true;
  }
}

/** An inference that is refused for its lack of inputs, and is a line in the log all the same. */
async function inferNothing({ gateway, pki }: ServedTls, { cert, key }: Shown): Promise<void> {
  const [ca, own, chain] = [pki.authority.pem, key, cert].map((pem) => Buffer.from(pem));
  const client = new Client(gateway.addresses.grpc, credentials.createSsl(ca, own, chain));
  const { modelInfer } = GRPCInferenceService.method;
  const { error } = await ask(client, modelInfer, { modelName: "credit_decision" });
  client.close();
  assert.equal(error?.code, status.INVALID_ARGUMENT);
}

function refusals({ tlsEvents }: ServedTls): string[] {
  return tlsEvents.flatMap((event) => (event.kind === "refused" ? [`${event.failure} ${event.code}`] : []));
}

suite("required", () => {
  test("the log has the caller's name, over every protocol", async (context) => {
    const pki = makePki(context);
    const served = await serveTls(context, { tlsClientCa: pki.clientCa, openInference: "true" }, pki);
    const shown = pki.client({ alternatives: [{ kind: "uri", value: SPIFFE }] });
    assert.equal(await served.soap(shown), 200);
    await decide(served.grpc(shown));
    await inferNothing(served, shown);
    assert.deepEqual(
      served.calls.map(({ protocol, caller }) => [protocol, caller]),
      [
        ["soap", `URI:${SPIFFE}`],
        ["grpc", `URI:${SPIFFE}`],
        ["oip", `URI:${SPIFFE}`],
      ],
    );
  });

  for (const http2 of ["own", "node"]) {
    test(`and on the road through grpc-js, whatever a caller claims; HTTP/2 by ${http2} code`, async (context) => {
      const pki = makePki(context);
      const served = await serveTls(context, { tlsClientCa: pki.clientCa, http2 }, pki);
      const shown = pki.client({ alternatives: [{ kind: "dns", value: "payments.bank" }] });
      const claim = Buffer.from("URI:spiffe://bank/somebody-else").toString("base64url");
      const client = served.grpc(shown, { compressed: true });
      await client.evaluate(SAMPLE, { "x-artifact-gateway-caller-name": claim });
      assert.deepEqual(
        served.calls.map(({ caller }) => caller),
        ["DNS:payments.bank"],
      );
    });
  }

  test("no certificate, an expired one, one of another authority, one of a server: all are refused", async (context) => {
    const pki = makePki(context);
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const served = await serveTls(context, { tlsClientCa: pki.clientCa }, pki);
      const stranger = { issuer: makeAuthority("stranger") };
      const expired = { validFrom: new Date(Date.now() - HOUR_MS), validTo: new Date(Date.now() - 1000) };
      const { dial } = served;
      assert.ok(await isRefused(dial({ maxVersion })), "none");
      assert.ok(await isRefused(dial({ maxVersion, ...pki.client(expired) })), "expired");
      assert.ok(await isRefused(dial({ maxVersion, ...pki.client({ purpose: "server" }) })), "of a server");
      assert.ok(await isRefused(dial({ maxVersion, ...pki.client(stranger) })), "of a stranger");
      // Callers have a level of their own, which must not be what keeps these back.
      const lax = { maxVersion, ciphers: "DEFAULT@SECLEVEL=0" };
      assert.ok(await isRefused(dial({ ...lax, ...pki.client({ key: rsaKey(1024) }) })), "weak");
      assert.match(await statusLine(await dial({ maxVersion, ...pki.client() })), /200/);
      // The first of each kind is reported: the others follow within ten seconds.
      assert.deepEqual(refusals(served), ["no_certificate ", "certificate_refused CERT_HAS_EXPIRED"]);
      assert.equal(served.calls.length, 0);
    }
  });

  test("a gRPC caller without one gets UNAVAILABLE, and no call is made", async (context) => {
    const pki = makePki(context);
    const served = await serveTls(context, { tlsClientCa: pki.clientCa }, pki);
    await assert.rejects(decide(served.grpc()), { code: 14 });
    await assert.rejects(served.soap());
    assert.equal(served.calls.length, 0);
  });

  test("a session that is resumed is that of the same caller", async (context) => {
    const pki = makePki(context);
    const served = await serveTls(context, { tlsClientCa: pki.clientCa }, pki);
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const shown = pki.client({ names: ["resuming"] });
      const first = await served.dial({ maxVersion, ...shown });
      await statusLine(first);
      const session = first.getSession();
      const again = await served.dial({ maxVersion, session });
      assert.ok(again.isSessionReused(), maxVersion);
      assert.match(await callOver(again, served), /200/);
      assert.equal(served.calls.at(-1)?.caller, "CN:resuming");
    }
  });
});

suite("optional", () => {
  test("none is as good as a right one, and a wrong one is refused", async (context) => {
    const pki = makePki(context);
    const flags = { tlsClientCa: pki.clientCa, tlsClientAuth: "optional" };
    const served = await serveTls(context, flags, pki);
    assert.equal(await served.soap(), 200);
    assert.equal(await served.soap(pki.client({ names: ["known"] })), 200);
    const stranger = pki.client({ issuer: makeAuthority("stranger"), names: ["known"] });
    assert.ok(await isRefused(served.dial(stranger)));
    await assert.rejects(decide(served.grpc(stranger)), { code: 14 });
    assert.deepEqual(
      served.calls.map(({ caller }) => caller),
      [undefined, "CN:known"],
    );
    assert.deepEqual(refusals(served), ["certificate_refused UNABLE_TO_VERIFY_LEAF_SIGNATURE"]);
  });
});

test("a certificate that nobody asks for names nobody", async (context) => {
  const served = await serveTls(context);
  assert.equal(await served.soap(served.pki.client()), 200);
  assert.deepEqual(
    served.calls.map(({ caller }) => caller),
    [undefined],
  );
});
