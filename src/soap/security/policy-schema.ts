/** The policy file as it is written: keys, forms and what must not stand together. Nothing is opened here. */
import { z } from "zod";
import { PASSWORD_TYPES, SIGNED_PARTS } from "./policy.js";

const use = z.enum(["required", "optional"]);
const path = z.string().min(1);

/** A name that XML carries and a log line can hold. */
const NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,256}$/u;

const PASSWORD_KEYS = ["password", "passwordFile", "passwordVariable", "passwordHash"] as const;

const user = z
  .strictObject({
    /** Compared exactly, letter case included. */
    name: z.string().regex(NAME, "expected 1 to 256 printable characters"),
    password: z.string().min(1, "expected a password that is not empty").optional(),
    /** A file that holds the password; one line end after it is no part of it. */
    passwordFile: path.optional(),
    /** An environment variable that holds the password. */
    passwordVariable: path.optional(),
    /** `$scrypt$ln=16,r=8,p=1$salt$key`: good for text passwords only. */
    passwordHash: z.string().optional(),
  })
  .refine((given) => PASSWORD_KEYS.filter((key) => given[key] !== undefined).length === 1, {
    message: `expected exactly one of ${PASSWORD_KEYS.join(", ")}`,
  });

const usernameToken = z.strictObject({
  use: use.default("required"),
  passwordTypes: z.array(z.enum(PASSWORD_TYPES)).min(1).default(["digest"]),
  users: z.array(user).min(1, "expected at least one user"),
});

const signature = z
  .strictObject({
    use: use.default("required"),
    /** PEM files. */
    certificates: z.array(path).default([]),
    authorities: z.array(path).default([]),
    /** As `openssl x509 -noout -subject -nameopt RFC2253,-esc_msb` prints them. */
    subjects: z.array(z.string().min(1)).default([]),
    /** SHA-256, with or without colons. */
    thumbprints: z
      .array(
        z
          .string()
          .transform((text) => text.replaceAll(":", "").toLowerCase())
          .pipe(z.string().regex(/^[0-9a-f]{64}$/, "expected the 64 hexadecimal digits of a SHA-256")),
      )
      .default([]),
    signedParts: z.array(z.enum(SIGNED_PARTS)).default(["body", "timestamp"]),
  })
  .refine(({ certificates, authorities }) => certificates.length + authorities.length > 0, {
    message: "expected certificates or authorities: somebody has to be trusted",
  })
  .refine(
    ({ authorities, subjects, thumbprints }) =>
      authorities.length === 0 || subjects.length + thumbprints.length > 0,
    {
      message:
        "authorities without subjects or thumbprints would let everybody in whom they ever issued a certificate",
    },
  )
  .refine(({ signedParts }) => signedParts.includes("body"), {
    message: "signedParts must list body: what is not signed can be exchanged",
  })
  .refine(({ signedParts }) => signedParts.includes("timestamp"), {
    message: "signedParts must list timestamp: without it a signed message could be sent again for ever",
  });

export const POLICY_FILE = z
  .strictObject({
    usernameToken: usernameToken.optional(),
    timestamp: use.default("optional"),
    signature: signature.optional(),
    addressing: use.default("optional"),
    anonymous: z.boolean().default(false),
    transportProtected: z.boolean().default(false),
    maxAgeSeconds: z.int().min(1).max(86_400).default(300),
    clockSkewSeconds: z.int().min(0).max(3600).default(60),
    maxReplayEntries: z.int().min(1).max(10_000_000).default(200_000),
  })
  .refine(
    ({ usernameToken: tokens, transportProtected }) =>
      transportProtected || tokens?.passwordTypes.includes("text") !== true,
    {
      path: ["usernameToken", "passwordTypes"],
      message: "text passwords can be read on their way: they need transportProtected: true",
    },
  );

export type PolicyFile = z.output<typeof POLICY_FILE>;
export type UserEntry = PolicyFile extends { usernameToken?: { users: (infer User)[] } | undefined }
  ? User
  : never;
