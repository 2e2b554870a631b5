/** Every setting of the gateway, with its bounds and its default: one closed list. `config.ts` fills it in. */
import { z } from "zod";
import { DEFAULT_LIMITS, OPTIONAL_CHARSETS } from "./limits.js";
import { PAGE_MODES } from "./page-mode.js";

const port = z.int().min(0).max(65_535);
const FILE_MODE = 'expected octal digits in quotes, such as "0660"';
/** YAML reads 1.2 as a number, and the environment as text. */
const tlsVersion = z.preprocess(
  (value) => (typeof value === "number" ? String(value) : value),
  z.enum(["1.2", "1.3"]),
);
/** A day, in milliseconds. */
const MOST_MS = 86_400_000;
const milliseconds = z.int().min(1).max(MOST_MS);
/** Most characters that any XML can have: as many as the largest message has bytes. */
const characters = 1024 * 1024 * 1024;

/** Every setting, with its meaning, unit and bounds. The key is the name in YAML; `ENVIRONMENT` has the others. */
export const SETTINGS = z.object({
  /** Address the application and management ports listen on. */
  host: z.string().min(1),
  /** Application port: SOAP, JSON and gRPC together; 0 takes a free one. */
  port,
  /** A port of its own for gRPC; absent: gRPC shares `port`. */
  grpcPort: port.optional(),
  /** Path of a Unix socket for SOAP, JSON and gRPC together, in place of `port`; without TLS. Absent: a port is opened. */
  socket: z.string().min(1).optional(),
  /** Who may use it: the permissions of the socket's file, as octal digits in quotes. */
  socketMode: z.string(FILE_MODE).regex(/^0[0-7]{3}$/, FILE_MODE),
  /** Management port: /livez and /readyz. */
  managementPort: port,
  /** Address that callers see, written into every WSDL: scheme, host and port, no path. Absent: localhost and `port`, https with TLS. */
  publicUrl: z
    .string()
    .regex(
      /^https?:\/\/[^/?#\s]+$/,
      "expected http:// or https://, a host and perhaps a port, without a path",
    )
    .optional(),
  /** How much the page at `/` shows (docs/page.md). Absent: `full` where only this machine can reach it, else `read-only`. */
  page: z.enum(PAGE_MODES).optional(),
  /** PEM file with the certificate of the application's ports and its issuers, its own first. Absent: they speak clear text. */
  tlsCert: z.string().min(1).optional(),
  /** PEM file with the private key of that certificate. */
  tlsKey: z.string().min(1).optional(),
  /** Name of the environment variable with the passphrase of that key. Absent: the key is not encrypted. */
  tlsKeyPassphraseVariable: z.string().min(1).optional(),
  /** PEM file with the authorities whose certificates callers may show. Absent: callers are not asked for one. */
  tlsClientCa: z.string().min(1).optional(),
  /** Whether a caller must show a certificate. Absent: `required` with `tlsClientCa`, and `none` without. */
  tlsClientAuth: z.enum(["none", "optional", "required"]).optional(),
  /** Oldest version of TLS that is spoken. */
  tlsMinVersion: tlsVersion,
  /** Milliseconds within which a TLS handshake must be over, from the moment the connection is accepted. */
  tlsHandshakeTimeoutMs: milliseconds,
  /** Milliseconds between two looks at the files of TLS: whether they have been renewed. SIGHUP asks for one at once. */
  tlsReloadMs: z.int().min(100).max(86_400_000),
  /** The Python interpreter, by path or by name. */
  python: z.string().min(1),
  /** Python processes for each artifact: the calls that run at once. */
  processes: z.int().min(1).max(1024),
  /** Processes beyond these that are loaded and take the place of one that is lost at once; each costs its memory. */
  spareProcesses: z.int().min(0).max(64),
  /** `fork`: one process imports the artifact and is forked for each; `import`: each imports it; `auto`: fork where it is safe. */
  startMethod: z.enum(["auto", "fork", "import"]),
  /** Calls that one process runs at once, for a `main()` that waits rather than computes. Absent: 1; 64 for `async def main`. */
  concurrency: z.int().min(1).max(1024).optional(),
  /** Megabytes of data that one process may have; beyond them Python raises MemoryError. Absent: no limit. */
  memoryLimitMb: z.int().min(16).max(1_048_576).optional(),
  /** Whether each process keeps to one processor. */
  pinToCpu: z.stringbool().or(z.boolean()),
  /** Whether a running call is stopped when its caller has gone; without concurrency that costs its process. */
  stopCancelled: z.stringbool().or(z.boolean()),
  /** Most rows of calls that are joined into one `main()`, for an artifact whose rows do not depend on one another; 0: none. */
  batchRows: z.int().min(0).max(1_000_000),
  /** Microseconds that a call may wait for others to be joined with. */
  batchDelayUs: z.int().min(0).max(1_000_000),
  /** Whether callers may say by a `Priority` header that their calls are urgent. That they are not they may always say. */
  trustUrgency: z.stringbool().or(z.boolean()),
  /** Calls after which a process is replaced in good order; 0: never. */
  recycleAfterCalls: z.int().min(0).max(1_000_000_000),
  /** Resident megabytes above which a process is replaced in good order; 0: never. */
  recycleAboveMb: z.int().min(0).max(1_048_576),
  /** Most calls of one artifact that wait while all of its processes are busy. */
  maxQueued: z.int().min(0).max(1_000_000),
  /** Most bytes of their inputs; at least four times `maxMessageBytes`, so that every call has a place in an empty queue. */
  maxQueuedBytes: z
    .int()
    .min(1024)
    .max(64 * 1024 * 1024 * 1024),
  /** Longest wait for a process, by estimate, that a call is let into, in milliseconds. */
  maxQueueWaitMs: milliseconds,
  /** Contract locks, one for each artifact that has one; in the environment separated by commas. Absent: none. */
  lock: z
    .array(z.string().min(1))
    .or(
      z
        .string()
        .min(1)
        .transform((list) => list.split(",")),
    )
    .optional(),
  /** Whether an artifact must have exactly the interface of its lock; otherwise it may have more than that. */
  frozen: z.stringbool().or(z.boolean()),
  /** A sample input, as JSON like that of `run`: each process is tried with it before its first call. Absent: none. */
  sample: z.string().min(1).optional(),
  /** Milliseconds an artifact may take to be imported and tried. */
  startTimeoutMs: milliseconds,
  /** Milliseconds between failing readiness and closing the ports, so that load balancers notice. */
  drainDelayMs: z.int().min(0).max(3_600_000),
  /** Milliseconds for which idle connections stay open after that, so that a request that is on its way is not lost. */
  drainIdleMs: z.int().min(0).max(3_600_000),
  /** Milliseconds that calls in hand may take to finish when the gateway is told to stop. */
  drainTimeoutMs: milliseconds,
  /** Largest request, reply and pickled result, in bytes. */
  maxMessageBytes: z
    .int()
    .min(1024)
    .max(1024 * 1024 * 1024),
  /** Most connections of the application's ports, of both protocols. */
  maxConnections: z.int().min(1).max(1_000_000),
  /** Longest request target of HTTP/1.1, in bytes. */
  maxUrlBytes: z.int().min(256).max(65_536),
  /** Most bytes of the names and values of a request's HTTP/1.1 header fields. */
  maxHeaderBytes: z.int().min(1024).max(1_048_576),
  /** Most HTTP/1.1 header fields of a request. */
  maxHeaders: z.int().min(10).max(2000),
  /** Most bytes that one byte of a gzip request may become; gzip cannot reach more than 1032. */
  maxInflateRatio: z.int().min(1).max(1032),
  /** Most bytes of request bodies that are held while they arrive; at least twice `maxMessageBytes`. */
  maxReceivingBytes: z
    .int()
    .min(2048)
    .max(64 * 1024 * 1024 * 1024),
  /** Milliseconds within which the head of an HTTP/1.1 request must have arrived. */
  headersTimeoutMs: milliseconds,
  /** Milliseconds within which its whole body must have arrived. */
  bodyTimeoutMs: milliseconds,
  /** Milliseconds within which a caller has to take a reply. */
  replyTimeoutMs: milliseconds,
  /** Milliseconds for which a connection without a request stays open; those of HTTP/2 at least ten minutes. */
  keepAliveTimeoutMs: milliseconds,
  /** Milliseconds after which a connection is renewed, ten per cent more or less, once its calls have ended; 0: never. */
  maxConnectionAgeMs: z.int().min(0).max(MOST_MS),
  /** Milliseconds that calls of an HTTP/2 connection have to end when it is renewed. Absent: `maxTimeoutMs`. */
  maxConnectionAgeGraceMs: milliseconds.optional(),
  /** Milliseconds of silence after which the other end of an HTTP/2 connection is asked whether it is there; 0: never. */
  keepaliveMs: z.int().min(0).max(MOST_MS),
  /** Milliseconds that its answer may take. */
  keepaliveTimeoutMs: milliseconds,
  /** Most requests that are open at a time on one HTTP/2 connection. */
  maxConcurrentStreams: z.int().min(1).max(1_000_000),
  /** Least milliseconds between the PINGs of an HTTP/2 caller that is sent nothing else; 0: as it likes. */
  minPingIntervalMs: z.int().min(0).max(MOST_MS),
  /** Smallest reply that is sent with gzip to callers that accept it, in bytes; 0: none is. */
  compressFromBytes: z
    .int()
    .min(0)
    .max(1024 * 1024 * 1024),
  /** Who speaks HTTP/2 to gRPC callers: `own` code, with a short road for unary calls, or `node` and grpc-js alone. */
  http2: z.enum(["own", "node"]),
  /** Whether gRPC callers may use the Open Inference Protocol beside the generated services (docs/oip.md). */
  openInference: z.stringbool().or(z.boolean()),
  /** Charsets beside UTF-8 and UTF-16 that a request's XML may be in; in the environment separated by commas. */
  charsets: z.preprocess(
    (value) => (typeof value === "string" ? value.split(",") : value),
    z.array(z.enum(OPTIONAL_CHARSETS)).readonly(),
  ),
  /** Deepest nesting of a request's XML. */
  maxXmlDepth: z.int().min(8).max(1000),
  /** Most elements of a request's XML. */
  maxXmlElements: z.int().min(10).max(10_000_000),
  /** Path of the SOAP policy: who may call, and how they prove it (docs/soap-security.md). Absent: anybody may. */
  soapPolicy: z.string().min(1).optional(),
  /** Characters of SOAP faults: printable `ascii`, which every code page has, or all of `unicode`. */
  soapFaultText: z.enum(["ascii", "unicode"]),
  /** Most elements directly in one element. */
  maxXmlChildren: z.int().min(10).max(10_000_000),
  /** Most attributes of one element, without its namespace declarations. */
  maxXmlAttributes: z.int().min(8).max(10_000),
  /** Longest value of an attribute, in UTF-16 code units, as all lengths of XML. */
  maxXmlAttributeLength: z.int().min(256).max(characters),
  /** Longest name of an element or attribute, prefix included. */
  maxXmlNameLength: z.int().min(128).max(characters),
  /** Most namespace declarations of one element. */
  maxXmlNamespaces: z.int().min(24).max(10_000),
  /** Most namespace declarations of an element and of those around it together. */
  maxXmlNamespacesInScope: z.int().min(64).max(100_000),
  /** Longest namespace name (URI). */
  maxXmlNamespaceLength: z.int().min(256).max(characters),
  /** Longest text directly in one element, white space between its elements included. */
  maxXmlTextLength: z.int().min(1024).max(characters),
  /** Most characters of a request's XML, markup included. */
  maxXmlCharacters: z.int().min(1024).max(characters),
  /** Most comments of a request's XML. */
  maxXmlComments: z.int().min(0).max(10_000_000),
  /** Most violations listed in one error. */
  maxViolations: z.int().min(1).max(1000),
  /** Deadline of a call whose caller names none, in milliseconds. */
  defaultTimeoutMs: milliseconds,
  /** Longest deadline of any call, in milliseconds. */
  maxTimeoutMs: milliseconds,
  /** Least severe line that is logged. */
  logLevel: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]),
});

export type Settings = z.output<typeof SETTINGS>;
export type Key = keyof Settings;
export const KEYS = SETTINGS.keyof().options;

export const DEFAULTS: Settings = {
  host: "0.0.0.0",
  port: 8080,
  socketMode: "0660",
  managementPort: 9090,
  tlsMinVersion: "1.2",
  tlsHandshakeTimeoutMs: 10_000,
  tlsReloadMs: 10_000,
  python: "python3",
  processes: 1,
  spareProcesses: 1,
  startMethod: "auto",
  pinToCpu: false,
  stopCancelled: false,
  batchRows: 0,
  batchDelayUs: 0,
  frozen: false,
  trustUrgency: false,
  recycleAfterCalls: 0,
  recycleAboveMb: 0,
  maxQueued: 1000,
  maxQueuedBytes: 64 * 1024 * 1024,
  maxQueueWaitMs: 5000,
  startTimeoutMs: 120_000,
  drainDelayMs: 0,
  drainIdleMs: 1000,
  drainTimeoutMs: 25_000,
  maxConnections: 4096,
  headersTimeoutMs: 20_000,
  replyTimeoutMs: 60_000,
  compressFromBytes: 4096,
  http2: "own",
  openInference: false,
  soapFaultText: "ascii",
  logLevel: "info",
  ...DEFAULT_LIMITS,
};
