/**
 * The foreign tools and clients in Java. Maven brings what each `test/interop/java/NAME/pom.xml` lists, and the two
 * generators of protobuf code that are programs; all of it stays in `.cache/interop/maven`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, CACHE, isInstalled, keyOf, missing, once, run } from "./interop-cache.mjs";

const REPOSITORY = join(CACHE, "maven");
/** Maven's name of this machine, as the programs on Maven Central are called. */
const MACHINE = `linux-${process.arch === "arm64" ? "aarch_64" : "x86_64"}`;
/** The versions of `grpc/pom.xml`. */
const PROTOC = "com.google.protobuf:protoc:4.36.2";
const PROTOC_GEN_GRPC_JAVA = "io.grpc:protoc-gen-grpc-java:1.80.0";

/** Class paths by the name of the tool, and the generators. */
export function prepareJava() {
  return {
    cxf: withMaven(() => classPath("cxf")),
    jaxws: withMaven(() => classPath("jaxws")),
    grpcJava: withMaven(() => classPath("grpc")),
    openapiGenerator: withMaven(() => classPath("openapi")),
    openapiClient: withMaven(() => classPath("openapi_client")),
    protoc: withMaven(() => program(PROTOC)),
    protocGenGrpcJava: withMaven(() => program(PROTOC_GEN_GRPC_JAVA)),
  };
}

function withMaven(make) {
  if (!isInstalled("javac", ["-version"]))
    return missing("no JDK is installed (Debian: default-jdk-headless)");
  if (!isInstalled("mvn", ["-version"])) return missing("Maven is not installed (Debian: maven)");
  return attempt("Maven", make);
}

function classPath(name) {
  const pom = `test/interop/java/${name}/pom.xml`;
  const file = once(`${name}-java-${keyOf(readFileSync(pom, "utf8"))}`, (folder) => {
    console.log(`Preparing ${name} for Java: Maven resolves ${pom}`);
    maven(["-f", pom, "dependency:build-classpath", `-Dmdep.outputFile=${join(folder, "class-path")}`]);
    return "class-path";
  });
  return readFileSync(file, "utf8");
}

function program(coordinates) {
  const [, name, version] = coordinates.split(":");
  return once(`${name}-${version}`, (folder) => {
    console.log(`Preparing ${name} ${version}`);
    const artifact = `-Dartifact=${coordinates}:exe:${MACHINE}`;
    maven(["dependency:copy", artifact, `-DoutputDirectory=${folder}`]);
    const file = `${name}-${version}-${MACHINE}.exe`;
    run("chmod", ["+x", join(folder, file)]);
    return file;
  });
}

function maven(args) {
  run("mvn", ["-B", "-q", `-Dmaven.repo.local=${REPOSITORY}`, ...args]);
}
