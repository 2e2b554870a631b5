/** A foreign client as a process: it reads one call per line of its standard input and prints one line of JSON for each. */
import type { Json } from "../../support/json-of-type.js";
import { startLineProgram } from "../line-program.js";

/** One change of the envelope that the client's own stack would not make, named by local names. */
export type Edit =
  | { readonly change: "set"; readonly element: string; readonly text: string }
  | { readonly change: "remove"; readonly element: string }
  | { readonly change: "rename"; readonly element: string; readonly to: string }
  | { readonly change: "repeat"; readonly element: string }
  /** A header block that this gateway cannot know, which it must understand. */
  | { readonly change: "header"; readonly namespace: string };

export interface SoapCall {
  readonly wsdl: string;
  /** Name of the WSDL service. */
  readonly service: string;
  /** Its namespace. */
  readonly namespace: string;
  readonly operation: string;
  /** Under XML names, as `tagged-values.ts` has them. */
  readonly request: Json;
  readonly edit?: Edit;
  /** Another endpoint than that of the WSDL. */
  readonly address?: string;
  /** Another action than that of the WSDL. */
  readonly action?: string;
  readonly security?: CallSecurity;
  /** Whether to send the blocks of WS-Addressing, and to look for them in the reply. */
  readonly addressing?: boolean;
}

/** What the client's own WS-Security puts into the message. */
export interface CallSecurity {
  readonly token?: { readonly name: string; readonly password: string; readonly type: "text" | "digest" };
  readonly timestamp?: boolean;
  /** PEM files of the key that signs the body and the timestamp, and of its certificate. */
  readonly signature?: { readonly key: string; readonly certificate: string };
  /** Whether all this is put there because the policy in the WSDL asks for it; otherwise because the program says so. */
  readonly byPolicy?: boolean;
}

/** What the caller's program gets. */
export interface SoapOutcome {
  readonly result?: Json;
  readonly fault?: SeenFault;
  /** An exception that is no SOAP fault. */
  readonly failure?: string;
  /** With `addressing`: whether the reply relates to the MessageID that was sent. */
  readonly related?: boolean;
}

export interface SeenFault {
  /** `declared`: the class that was generated for the fault of the WSDL; otherwise the class of the stack. */
  readonly exception: string;
  /** Local name of the fault code; null where the stack does not hand it out. */
  readonly code: string | null;
  /** Local name of the subcode of SOAP 1.2, where there is one. */
  readonly subcode?: string;
  readonly reason: string;
  /** As the type of the WSDL, absent when there is none. */
  readonly detail?: Readonly<Record<string, Json>>;
}

export interface ClientProgram {
  call(call: SoapCall): Promise<SoapOutcome>;
  /** Ends it by the end of its input. @throws Error with what it said, when it fails or says anything beside its answers */
  close(): Promise<void>;
}

/** Starts it in the root of the repository. */
export function startProgram(command: string, args: readonly string[]): ClientProgram {
  const program = startLineProgram(command, args);
  const lines = program.lines[Symbol.asyncIterator]();
  return {
    async call(call) {
      program.send(call);
      const line = await lines.next();
      if (line.done === true) throw new Error(`${command} ended:\n${await program.said}`);
      return JSON.parse(line.value) as SoapOutcome;
    },
    close: () => program.close(),
  };
}
