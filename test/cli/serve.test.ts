import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fixture } from "../support/pool-harness.js";
import { repository } from "../support/served-example.js";
import { startServe } from "../support/serve-process.js";

const CREDIT = repository("examples/credit_decision/artifact");

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "serve-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A SOAP call to the fixture `faults`; `detail` is a reserved word of COBOL and gets another name. */
function callFaults(application: string, what: string, detail = ""): Promise<Response> {
  const body = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><Evaluate xmlns="urn:artifact-gateway:faults:v1"><what>${what}</what><detailField>${detail}</detailField></Evaluate></e:Body></e:Envelope>`;
  return fetch(`http://${application}/soap/faults/v1`, {
    method: "POST",
    headers: { "Content-Type": "text/xml; charset=utf-8", SOAPAction: '""' },
    body,
  });
}

function pidsOf(serve: ReturnType<typeof startServe>): number[] {
  return serve.logged("python started").map(({ pid }) => Number(pid));
}

test("says what it serves and where, then is quiet; the management port tells the platform", async (context) => {
  const serve = startServe(context, [CREDIT]);
  const { application, management } = await serve.ready();
  assert.match(
    serve.stderr(),
    /credit_decision v1 +SOAP 1\.1 +http:\/\/localhost:\d+\/soap\/credit_decision\/v1\?wsdl/,
  );
  assert.equal((await fetch(`${management}/livez`)).status, 200);
  const ready = await fetch(`${management}/readyz`);
  assert.equal(ready.status, 200);
  assert.deepEqual(await ready.json(), {
    status: "ready",
    services: [
      {
        service: "credit_decision",
        ready: true,
        processes: "1/1",
        workers: ["ready"],
        circuit: "closed",
      },
    ],
  });
  assert.equal((await fetch(`${management}/metricz`)).status, 404);
  const page = await fetch(`http://${application}/`);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /credit_decision\.v1\.CreditDecisionService\/Evaluate/);
  await serve.said(/"msg":"serving"/);
  const [serving] = serve.logged("serving");
  assert.match(String(serving?.["digest"]), /^sha256:[0-9a-f]{64}$/);
});

test("serves the contract files byte for byte as generate writes them", async (context) => {
  const serve = startServe(context, [CREDIT]);
  const { application } = await serve.ready();
  const files = {
    "wsdl/credit_decision.v1.wsdl": "text/xml; charset=utf-8",
    "wsdl/credit_decision.v1.soap12.wsdl": "text/xml; charset=utf-8",
    "proto/credit_decision/v1/credit_decision.proto": "text/plain; charset=utf-8",
    "proto/credit_decision/v1/credit_decision.binpb": "application/octet-stream",
    "proto/google/type/date.proto": "text/plain; charset=utf-8",
    "openapi/credit_decision.v1.json": "application/json",
    "samples/credit_decision.v1.soap-request.xml": "text/xml; charset=utf-8",
  };
  for (const [path, type] of Object.entries(files)) {
    const served = await fetch(`http://${application}/contracts/credit_decision/v1/${path}`);
    assert.equal(served.headers.get("content-type"), type);
    assert.deepEqual(Buffer.from(await served.arrayBuffer()), readFileSync(repository(path)), path);
  }
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal}: the call in hand is answered, no process is left, exit code 0`, async (context) => {
    const serve = startServe(context, [fixture("faults")]);
    const { application, management } = await serve.ready();
    const inHand = callFaults(application, "sleep half");
    await serve.said(/asleep/);
    serve.child.kill(signal);
    await serve.said(/"msg":"draining"/);
    assert.equal((await fetch(`${management}/readyz`)).status, 503);
    const reply = await inHand;
    assert.equal(reply.status, 200);
    assert.match(await reply.text(), /slept/);
    assert.deepEqual(await serve.exited, { code: 0, signal: null });
    const pids = pidsOf(serve);
    assert.equal(pids.length, 1);
    for (const pid of pids) assert.ok(!existsSync(`/proc/${pid}`), `process ${pid} is still there`);
  });
}

test("a keep-alive connection that says nothing does not hold up the drain", async (context) => {
  const serve = startServe(context, [fixture("faults")]);
  const { application } = await serve.ready();
  const [host = "", port = ""] = application.split(":");
  const silent = connect(Number(port), host);
  await once(silent, "connect");
  const idle = connect(Number(port), host);
  idle.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(idle, "data");
  serve.child.kill("SIGTERM");
  assert.deepEqual(await serve.exited, { code: 0, signal: null });
  silent.destroy();
  idle.destroy();
});

test("a second signal ends what is still running", async (context) => {
  const serve = startServe(context, [fixture("faults")]);
  const { application } = await serve.ready();
  const hanging = callFaults(application, "hang").catch(() => undefined);
  await serve.said(/hanging/);
  serve.child.kill("SIGTERM");
  await serve.said(/"msg":"draining"/);
  const insist = setInterval(() => serve.child.kill("SIGTERM"), 300);
  assert.deepEqual(await serve.exited, { code: 0, signal: null });
  clearInterval(insist);
  await hanging;
  for (const pid of pidsOf(serve)) assert.ok(!existsSync(`/proc/${pid}`), `process ${pid} is still there`);
});

test(
  "the Python processes do not outlive a gateway that is killed",
  { skip: process.platform !== "linux" },
  async (context) => {
    const serve = startServe(context, [fixture("faults")]);
    const { application } = await serve.ready();
    const hanging = callFaults(application, "hang").catch(() => undefined);
    await serve.said(/hanging/);
    const [pid = 0] = pidsOf(serve);
    assert.ok(isAlive(pid));
    serve.child.kill("SIGKILL");
    await serve.exited;
    await hanging;
    // The kernel ends the process with its parent; nothing tells of the end of a process that is not our child.
    for (let tries = 0; isAlive(pid); tries += 1) {
      assert.ok(tries < 2000, "the process is still running");
      await sleep(5);
    }
  },
);

test("not ready until a slow artifact is loaded; calls meanwhile are unavailable", async (context) => {
  const gate = join(temporaryFolder(context), "go");
  const managementPort = String(20_000 + (process.pid % 20_000));
  const serve = startServe(context, [fixture("slow-import"), "--management-port", managementPort], {
    SLOW_IMPORT_UNTIL: gate,
  });
  const readyz = `http://127.0.0.1:${managementPort}/readyz`;
  const notReady = await untilAnswered(readyz);
  assert.equal(notReady.status, 503);
  const { services } = (await notReady.json()) as { services: { workers: string[] }[] };
  assert.match(services[0]?.workers[0] ?? "", /^(starting|importing)$/);
  writeFileSync(gate, "");
  await serve.ready();
  assert.equal((await fetch(readyz)).status, 200);
});

test("an artifact that cannot be imported: the traceback in the log, exit code 3", async (context) => {
  const serve = startServe(context, [fixture("import-error")]);
  assert.deepEqual(await serve.exited, { code: 3, signal: null });
  assert.match(serve.stderr(), /could not be loaded: ModuleNotFoundError\. The log has the Python traceback/);
  const [ended] = serve.logged("python ended");
  assert.match(String(ended?.["traceback"]), /a_library_that_nobody_has_installed/);
});

test("a port that is taken is named with its flag, exit code 2", async (context) => {
  const first = startServe(context, [CREDIT]);
  const { application } = await first.ready();
  const [, port = ""] = application.split(":");
  const second = startServe(context, [CREDIT, "--port", port]);
  assert.deepEqual(await second.exited, { code: 2, signal: null });
  assert.match(second.stderr(), /--port: Port \d+ of 127\.0\.0\.1 cannot be used \(EADDRINUSE\)\. Free it/);
});

test("a temporary folder that cannot be used is named, exit code 2", async (context) => {
  const missing = startServe(context, [CREDIT], { TMPDIR: "/nowhere/at/all" });
  assert.deepEqual(await missing.exited, { code: 2, signal: null });
  assert.match(
    missing.stderr(),
    /TMPDIR: No folder can be made in \/nowhere\/at\/all \(ENOENT\)\. Set it to/,
  );
  const long = startServe(context, [CREDIT], { TMPDIR: `/tmp/${"x".repeat(100)}` });
  assert.deepEqual(await long.exited, { code: 2, signal: null });
  assert.match(long.stderr(), /TMPDIR: The path is too long for a Unix socket\./);
});

test("several artifacts are served side by side; two of one alias are refused", async (context) => {
  const serve = startServe(context, [CREDIT, fixture("faults")]);
  const { application } = await serve.ready();
  assert.equal((await fetch(`http://${application}/soap/credit_decision/v1?wsdl`)).status, 200);
  assert.equal((await callFaults(application, "answer", "here")).status, 200);
  const twice = startServe(context, [CREDIT, CREDIT]);
  assert.deepEqual(await twice.exited, { code: 2, signal: null });
  assert.match(twice.stderr(), /Has the alias credit_decision/);
});

test("one log line for each call, with codes, durations and sizes and without values", async (context) => {
  const serve = startServe(context, [fixture("faults")]);
  const { application } = await serve.ready();
  await callFaults(application, "answer", "4111111111111111");
  await callFaults(application, "raise", "5500000000000004");
  await callFaults(application, "print");
  // Two descriptors, so two roads to the log: neither waits for the other.
  await Promise.all([serve.said(/raw bytes on descriptor 1/), serve.said(/to stderr/)]);
  const [call] = serve.logged("call");
  assert.equal(call?.["code"], "ok");
  assert.equal(call["protocol"], "soap");
  for (const key of ["requestId", "durationMs", "queuedMs", "runMs", "bytesIn", "bytesOut", "worker"]) {
    assert.ok(key in call, key);
  }
  assert.doesNotMatch(serve.stdout(), /4111111111111111/);
  const [failed] = serve.logged("call failed");
  assert.equal(failed?.["code"], "artifact_error");
  const output = serve.logged("artifact output");
  assert.deepEqual(output.map((line) => line["stream"]).sort(), ["stderr", "stdout", "stdout"]);
  for (const { service, worker } of output)
    assert.deepEqual({ service, worker }, { service: "faults", worker: 0 });
});

function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch {
    return false;
  }
}

test("gRPC on a port of its own; a port that is taken there leaves nothing behind", async (context) => {
  const serve = startServe(context, [CREDIT, "--grpc-port", "0"]);
  const { application: grpcAddress } = await serve.ready();
  const [, port = ""] = /SOAP 1\.1 +http:\/\/localhost:(\d+)/.exec(serve.stderr()) ?? [];
  assert.notEqual(grpcAddress, `127.0.0.1:${port}`);
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
  assert.equal((await fetch(`http://${grpcAddress}/`)).status, 505);
  const [, taken = ""] = grpcAddress.split(":");
  const second = startServe(context, [CREDIT, "--grpc-port", taken]);
  assert.deepEqual(await second.exited, { code: 2, signal: null });
  assert.match(second.stderr(), /--grpc-port: Port \d+/);
  assert.deepEqual(pidsOf(second), []);
});

/** The first answer of a port that is about to be opened. */
async function untilAnswered(url: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch(url);
    } catch {
      await sleep(5);
    }
  }
}
