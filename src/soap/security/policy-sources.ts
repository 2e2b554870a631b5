/** What a policy file may lead to. */
export interface PolicySources {
  /** The bytes of a file named in the policy. @throws Error when it cannot be read */
  readonly readFile: (path: string) => Buffer;
  /** The value of an environment variable. */
  readonly variable: (name: string) => string | undefined;
}
