/** Certificates are renewed while calls go on, and only by what is whole and right. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import type { Flags } from "../../src/config.js";
import type { Identity } from "../support/certificates.js";
import {
  callOver,
  decide,
  keyPem,
  makeAuthority,
  makePki,
  serveTls,
  type Pki,
  type ServedTls,
} from "./tls-harness.js";

function put({ flags }: Pki, { pem }: Identity, key: string): void {
  writeFileSync(flags.tlsCert, pem);
  writeFileSync(flags.tlsKey, key);
}

function fingerprintOf(socket: TLSSocket): string {
  return socket.getPeerX509Certificate()?.fingerprint256 ?? "";
}

function kinds({ tlsEvents }: ServedTls): string[] {
  return tlsEvents.map(({ kind }) => kind);
}

/** The messages of the last report of files that were not taken. */
function whyKept({ tlsEvents }: ServedTls): string {
  return tlsEvents
    .flatMap((event) =>
      event.kind === "kept" ? [event.problems.map(({ message }) => message).join(" ")] : [],
    )
    .join(" | ");
}

/** A gateway that looks at its files by itself so rarely that a test sees only what it asks for. */
async function serveCalm(
  context: TestContext,
  flags: Flags = {},
  pki = makePki(context),
): Promise<ServedTls> {
  return serveTls(context, { tlsReloadMs: "86400000", ...flags }, pki);
}

suite("asked to look", () => {
  test("a new pair is for new connections; the old ones go on, calls in flight with them", async (context) => {
    const served = await serveCalm(context);
    const { pki, gateway } = served;
    const old = await served.dial();
    const client = served.grpc();
    const before = await decide(client);
    const inFlight = Array.from({ length: 20 }, () => decide(client));
    const next = pki.issue({ names: ["next"] });
    put(pki, next, keyPem(next));
    await gateway.tls?.reload();
    assert.equal(fingerprintOf(await served.dial()), next.certificate.fingerprint256);
    assert.notEqual(fingerprintOf(old), next.certificate.fingerprint256);
    for (const answer of await Promise.all(inFlight)) assert.deepEqual(answer, before);
    assert.match(await callOver(old, served), /200/);
    assert.deepEqual(await decide(client), before);
    const facts = gateway.tls?.certificate();
    assert.equal(facts?.fingerprint, next.certificate.fingerprint256);
    assert.equal(facts.notAfter.getTime(), Date.parse(next.certificate.validTo));
    assert.equal(facts.subject, "C=DE, O=Bank\\, Inc., CN=next");
    assert.deepEqual(kinds(served), ["loaded", "loaded"]);
  });

  const bad: Readonly<Record<string, { spoil: (pki: Pki) => void; why: RegExp }>> = {
    "the key of another certificate": {
      spoil: (pki) => writeFileSync(pki.flags.tlsKey, keyPem(pki.issue())),
      why: /not that of the key/,
    },
    "half a certificate": {
      spoil: ({ flags }) => truncateSync(flags.tlsCert, 300),
      why: /no certificates in PEM that are whole/,
    },
    "a chain whose last certificate is cut off": {
      spoil: ({ flags, authority }) =>
        writeFileSync(flags.tlsCert, readFileSync(flags.tlsCert, "utf8") + authority.pem.slice(0, 300)),
      why: /no certificates in PEM that are whole/,
    },
    "a chain that begins with the issuer": {
      spoil: ({ flags, authority }) =>
        writeFileSync(flags.tlsCert, authority.pem + readFileSync(flags.tlsCert, "utf8")),
      why: /first certificate is not that of the key/,
    },
    "half a key": {
      spoil: ({ flags }) => truncateSync(flags.tlsKey, 120),
      why: /no private key in PEM/,
    },
    "an empty file": { spoil: ({ flags }) => truncateSync(flags.tlsCert, 0), why: /no certificates/ },
    "no file": {
      spoil: ({ flags }) => renameSync(flags.tlsKey, `${flags.tlsKey}.gone`),
      why: /cannot be read \(ENOENT\)/,
    },
    "a folder": {
      spoil: ({ flags }) => {
        renameSync(flags.tlsKey, `${flags.tlsKey}.gone`);
        mkdirSync(flags.tlsKey);
      },
      why: /cannot be read \(it is no file\)/,
    },
    "a file without end": {
      spoil: ({ flags }) => truncateSync(flags.tlsCert, 2 ** 30),
      why: /larger than 1048576 bytes/,
    },
    "a pair that has expired": {
      spoil: (pki) => {
        const old = pki.issue({ validFrom: new Date(0), validTo: new Date(Date.now() - 1000) });
        put(pki, old, keyPem(old));
      },
      why: /It expired on 2/,
    },
    "a pair that is not valid yet": {
      spoil: (pki) => {
        const early = pki.issue({ validFrom: new Date(Date.now() + 60_000) });
        put(pki, early, keyPem(early));
      },
      why: /not valid before 2/,
    },
    "authorities that are none": {
      spoil: ({ clientCa }) => writeFileSync(clientCa, "nobody"),
      why: /no certificate in PEM that is valid today/,
    },
  };
  for (const [what, { spoil, why }] of Object.entries(bad)) {
    test(`${what}: the pair before it stays, and the log says why without the key`, async (context) => {
      const pki = makePki(context);
      const flags = { tlsClientCa: pki.clientCa, tlsClientAuth: "optional" };
      const served = await serveCalm(context, flags, pki);
      const before = fingerprintOf(await served.dial());
      const key = readFileSync(pki.flags.tlsKey, "utf8");
      spoil(pki);
      await served.gateway.tls?.reload();
      assert.equal(fingerprintOf(await served.dial()), before);
      assert.deepEqual(kinds(served), ["loaded", "kept"]);
      assert.match(whyKept(served), why);
      for (const line of key.split("\n").slice(1, -2)) assert.ok(!whyKept(served).includes(line));
      // And once it is mended, it is taken.
      const next = pki.issue();
      if (what === "a folder") renameSync(pki.flags.tlsKey, `${pki.flags.tlsKey}.folder`);
      put(pki, next, keyPem(next));
      writeFileSync(pki.clientCa, pki.authority.pem);
      await served.gateway.tls?.reload();
      assert.equal(fingerprintOf(await served.dial()), next.certificate.fingerprint256);
    });
  }

  test("an authority that counts no more lets nobody in, not even by a session from before", async (context) => {
    const pki = makePki(context);
    const served = await serveCalm(context, { tlsClientCa: pki.clientCa }, pki);
    const shown = pki.client();
    const sessions: ["TLSv1.2" | "TLSv1.3", Buffer | undefined][] = [];
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const socket = await served.dial({ maxVersion, ...shown });
      await callOver(socket, served);
      sessions.push([maxVersion, socket.getSession()]);
    }
    writeFileSync(pki.clientCa, makeAuthority("other").pem);
    await served.gateway.tls?.reload();
    for (const [maxVersion, session] of sessions) {
      assert.ok(session !== undefined);
      await assert.rejects(async () => {
        const socket = await served.dial({ maxVersion, session, ...shown });
        assert.ok(!socket.isSessionReused());
        // With TLS 1.3 a caller hears of its refusal after its own handshake, and not always by an error.
        const closed = once(socket, "close").then(() => assert.fail("closed"));
        await Promise.race([callOver(socket, served), closed]);
      });
    }
  });
});

suite("by itself", () => {
  test("a secret of Kubernetes, whose link is turned to another folder", async (context) => {
    const pki = makePki(context);
    const mount = join(pki.folder, "mount");
    const version = (name: string, identity: Identity): void => {
      mkdirSync(join(mount, name));
      writeFileSync(join(mount, name, "tls.crt"), identity.pem);
      writeFileSync(join(mount, name, "tls.key"), keyPem(identity));
    };
    const turnTo = (name: string): void => {
      symlinkSync(name, join(mount, "..data_tmp"));
      renameSync(join(mount, "..data_tmp"), join(mount, "..data"));
    };
    mkdirSync(mount);
    version("..first", pki.issue());
    turnTo("..first");
    const [tlsCert, tlsKey] = ["tls.crt", "tls.key"].map((name) => {
      symlinkSync(join("..data", name), join(mount, name));
      return join(mount, name);
    });
    const served = await serveTls(context, { tlsCert, tlsKey, tlsReloadMs: "100" }, pki);
    for (const name of ["..second", "..third"]) {
      const next = pki.issue({ names: [name] });
      version(name, next);
      turnTo(name);
      while (served.gateway.tls?.certificate().fingerprint !== next.certificate.fingerprint256) await turn();
      assert.equal(fingerprintOf(await served.dial()), next.certificate.fingerprint256);
    }
    assert.deepEqual(kinds(served), ["loaded", "loaded", "loaded"]);
  });

  test("what is wrong is told once, and not before it has been so twice", async (context) => {
    const pki = makePki(context);
    const served = await serveTls(context, { tlsReloadMs: "100" }, pki);
    writeFileSync(pki.flags.tlsKey, keyPem(pki.issue()));
    while (!kinds(served).includes("kept")) await turn();
    const next = pki.issue();
    put(pki, next, keyPem(next));
    while (kinds(served).at(-1) !== "loaded") await turn();
    assert.deepEqual(kinds(served), ["loaded", "kept", "loaded"]);
  });

  test("a certificate that expires soon is spoken of, and served", async (context) => {
    const pki = makePki(context);
    const soon = pki.issue({ validTo: new Date(Date.now() + 5.5 * 86_400_000) });
    put(pki, soon, keyPem(soon));
    const served = await serveTls(context, { tlsReloadMs: "100" }, pki);
    const [, expiring] = served.tlsEvents;
    assert.deepEqual(expiring, {
      kind: "expiring",
      daysLeft: 5,
      subject: "C=DE, O=Bank\\, Inc., CN=gateway",
      notAfter: new Date(soon.certificate.validTo),
      fingerprint: soon.certificate.fingerprint256,
    });
    await decide(served.grpc());
    await served.gateway.tls?.reload();
    // Once a day; but a reload that was asked for says it again.
    assert.deepEqual(kinds(served), ["loaded", "expiring", "loaded", "expiring"]);
  });
});

test("what is being sent when the pair changes arrives", async (context) => {
  const served = await serveCalm(context);
  const socket = await served.dial();
  const { pki } = served;
  socket.write("GET / HTTP/1.1\r\nHo");
  const next = pki.issue();
  put(pki, next, keyPem(next));
  await served.gateway.tls?.reload();
  socket.write("st: x\r\n\r\n");
  const [reply] = (await once(socket, "data")) as [Buffer];
  assert.match(reply.toString("latin1"), /^HTTP\/1\.1 200/);
});
