/** What can be said of a failure in Python without a value of the call: what kind it is, and where in the artifact it arose. */

const FRAME = /^ {2}File "([^"\n]+)", line (\d+)/;
const CLASS_NAME = /^[\w.]{1,100}/;

/**
 * `KeyError at python_dict/__init__.py line 12`.
 * @param traceback as Python prints it; of a chain of exceptions, the last
 * @param root directory of the artifact; frames outside it are not the deployer's to correct
 */
export function describePythonFailure(traceback: string, root: string): string {
  const lines = traceback.split("\n");
  const lastFrame = lines.findLastIndex((line) => FRAME.test(line));
  // The line of the exception comes first after its frames, which are indented; a message can have more lines.
  const raised = lines.slice(lastFrame + 1).find((line) => /^\S/.test(line)) ?? "";
  const name = CLASS_NAME.exec(raised)?.[0] ?? "an exception";
  return `${name}${describePlace(traceback, root)}`;
}

/** ` at python_dict/__init__.py line 12`: the innermost frame within the artifact; empty when there is none. */
export function describePlace(traceback: string, root: string): string {
  const places = traceback.split("\n").flatMap((line) => {
    const [, file = "", number = ""] = FRAME.exec(line) ?? [];
    return file.startsWith(`${root}/`) ? [` at ${file.slice(root.length + 1)} line ${number}`] : [];
  });
  return places.at(-1) ?? "";
}

/**
 * `is builtins.object, which is not data`: what was wrong with a result, without the way to it, which is made of keys.
 * @param detail the traceback of the host, or its one line
 */
export function describeNotData(detail: string): string {
  const line = detail.trimEnd().split("\n").at(-1) ?? "";
  const found = / ((?:is|has) [\w ,.<>-]{1,200})$/.exec(line)?.[1];
  return `the result ${found ?? "is not data"}`;
}
