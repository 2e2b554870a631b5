/**
 * What a chat pipeline is given and answers beside what its files list: the platform adds these by convention when it
 * calls the code, so its export can leave them out.
 */
import { Refusal, type Problem } from "../errors.js";
import { dataTypeOrReason, isStatedType, parseDataType, type DataType } from "./data-type.js";
import { normaliseInputInfo } from "./input-info.js";
import { INPUT_INFO_FILE, type InputColumn, type InputInfo } from "./input-model.js";
import { METADATA_FILE, type Metadata } from "./metadata.js";
import { isContainer, isEmptyContainer } from "./json-kind.js";

const MESSAGE = "user_message";
const HISTORY_TYPE = "Array[Struct[role: String, content: String]]";
/** The platform's own type of a context that is not declared. */
const CONTEXT_TYPE = "Map[String, String]";

/** True when the metadata says so, in the platform's word (`Chat`) or as its pages show it (`Chat based - OpenAI Spec`). */
export function isChat({ pipelineType }: Metadata): boolean {
  return pipelineType !== undefined && /^chat\b/i.test(pipelineType);
}

/**
 * The inputs with the arguments of the metadata, where the file of the inputs lists neither tables nor arguments.
 * @throws Refusal with every problem of the arguments
 */
export function addFunctionInputs(inputs: InputInfo, metadata: Metadata, warnings: Problem[]): InputInfo {
  const { functionInputs, objectType } = metadata;
  if (inputs.tables.length > 0 || inputs.arguments.length > 0) return inputs;
  if (!isContainer(functionInputs) || isEmptyContainer(functionInputs)) return inputs;
  const inMetadata = (problem: Problem): Problem => ({ ...problem, where: METADATA_FILE });
  const found: Problem[] = [];
  try {
    const read = normaliseInputInfo({ functionInputs }, { objectType, warnings: found });
    const message = "It lists no inputs; the arguments are taken from the metadata.";
    const remedy = "Nothing, if main() takes them.";
    warnings.push({ where: INPUT_INFO_FILE, path: "", message, remedy }, ...found.map(inMetadata));
    return { ...inputs, arguments: read.arguments.map((one) => ({ ...one, origin: "metadata" })) };
  } catch (error) {
    throw error instanceof Refusal ? new Refusal("artifact", error.problems.map(inMetadata)) : error;
  }
}

/**
 * The inputs of a chat pipeline with `user_message`, `history` and `context` in front, each unless it is there already;
 * other inputs, and those of a file that does list `user_message`, as they are.
 */
export function addChatInputs(inputs: InputInfo, metadata: Metadata, warnings: Problem[]): InputInfo {
  const listed = new Set([
    ...inputs.arguments.map(({ alias }) => alias),
    ...inputs.tables.flatMap(({ alias, columns }) => [alias, ...columns.map((column) => column.alias)]),
  ]);
  if (!isChat(metadata) || listed.has(MESSAGE)) return inputs;
  const added = chatArguments(contextType(metadata)).filter(({ alias }) => !listed.has(alias));
  const names = added.map(({ alias }) => `\`${alias}\``).join(", ");
  const message = `It lists no \`${MESSAGE}\`, but the metadata says Chat: ${names} are added.`;
  warnings.push({ where: INPUT_INFO_FILE, path: "", message, remedy: "Nothing, if main() takes them." });
  const conventional = added.map((one): InputColumn => ({ ...one, origin: "convention" }));
  return { ...inputs, arguments: [...conventional, ...inputs.arguments] };
}

/** What a chat pipeline answers when its metadata declares only the context; undefined when that is not declared. */
export function chatOutput(
  metadata: Metadata,
): Pick<Metadata, "outputType" | "spelledOutputType"> | undefined {
  const { contextType: spelled } = metadata;
  if (!isChat(metadata) || spelled === undefined || metadata.spelledOutputType !== undefined)
    return undefined;
  const spelledOutputType = `Struct[output: String, context: ${spelled}]`;
  const outputType = dataTypeOrReason(spelledOutputType);
  return typeof outputType === "string" || !isStatedType(outputType)
    ? undefined
    : { outputType, spelledOutputType };
}

function contextType({ contextType: spelled }: Metadata): { type: DataType; spelledType: string } {
  const type = spelled === undefined ? "" : dataTypeOrReason(spelled);
  return spelled === undefined || typeof type === "string"
    ? spelledAs(CONTEXT_TYPE)
    : { type, spelledType: spelled };
}

function chatArguments(context: { type: DataType; spelledType: string }): readonly InputColumn[] {
  return [
    {
      alias: MESSAGE,
      ...spelledAs("String"),
      nullable: false,
      description: "The message to answer.",
    },
    {
      alias: "history",
      ...spelledAs(HISTORY_TYPE),
      nullable: true,
      description: "The conversation so far, oldest first.",
      default: [],
    },
    {
      alias: "context",
      ...context,
      nullable: true,
      description: "The context of the previous answer; nothing for the first message.",
    },
  ];
}

function spelledAs(spelledType: string): { type: DataType; spelledType: string } {
  return { type: parseDataType(spelledType), spelledType };
}
