/** A section of the page of a service, and what it is made from. */
import type { ContractFile } from "../contract-files.js";
import type { Service } from "../contract/model.js";
import type { PageMode } from "../page-mode.js";
import type { Html } from "./html.js";

/** Everything that can be said of one service. */
export interface ServiceView {
  readonly mode: Exclude<PageMode, "off">;
  /** Scheme, host and port that callers see, without a path. */
  readonly publicUrl: string;
  readonly service: Service;
  readonly files: readonly ContractFile[];
}

export interface Section {
  /** The `id` of its heading, for links: `[a-z-]+`. */
  readonly id: string;
  readonly title: string;
  /** True: it shows what is going on, and is made again for readers who come a second later. */
  readonly isLive?: boolean;
  /** What comes below its heading; headings in it begin with `h3`. Undefined: there is nothing to say, and no section. */
  readonly render: (view: ServiceView) => Html | undefined;
}
