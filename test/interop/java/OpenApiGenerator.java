import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.openapitools.codegen.ClientOptInput;
import org.openapitools.codegen.DefaultGenerator;
import org.openapitools.codegen.config.CodegenConfigurator;

/**
 * Runs OpenAPI Generator, with its own validation, over many documents in one process: OpenApiGenerator FOLDER DOCUMENT...
 * A Java client goes below FOLDER/NAME, in a package of that name. Prints "=== NAME" before whatever is said about one.
 */
public final class OpenApiGenerator {
  private OpenApiGenerator() {}

  public static void main(String[] args) {
    boolean failed = false;
    for (String document : Arrays.copyOfRange(args, 1, args.length)) {
      String name = Path.of(document).getFileName().toString().replaceFirst("\\..*", "");
      System.out.println("=== " + name);
      ParseOptions options = new ParseOptions();
      options.setResolve(true);
      for (String message : new OpenAPIV3Parser().readLocation(document, null, options).getMessages()) {
        failed = true;
        System.out.println("refused: " + message);
      }
      generate(document, name, Path.of(args[0], name));
    }
    System.exit(failed ? 1 : 0);
  }

  private static List<File> generate(String document, String name, Path folder) {
    CodegenConfigurator configuration =
        new CodegenConfigurator()
            .setInputSpec(document)
            .setOutputDir(folder.toString())
            .setGeneratorName("java")
            .setLibrary("native")
            .setValidateSpec(true)
            .addAdditionalProperty("useJakartaEe", true)
            .setApiPackage("client.of_" + name + ".api")
            .setModelPackage("client.of_" + name + ".model")
            .setInvokerPackage("client.of_" + name);
    for (String part : List.of("apiTests", "modelTests", "apiDocs", "modelDocs")) {
      configuration.addGlobalProperty(part, "false");
    }
    configuration.addAdditionalProperty("hideGenerationTimestamp", true);
    ClientOptInput input = configuration.toClientOptInput();
    return new DefaultGenerator().opts(input).generate();
  }
}
