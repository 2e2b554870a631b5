import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.cxf.tools.common.ToolContext;
import org.apache.cxf.tools.wsdlto.WSDLToJava;

/**
 * Runs wsdl2java with all of its validators over many WSDLs in one process: CxfGenerator FOLDER WSDL_URL...
 * Sources go below FOLDER. Prints a line "=== WSDL" before whatever it says about one.
 */
public final class CxfGenerator {
  private CxfGenerator() {}

  public static void main(String[] args) throws Exception {
    boolean failed = false;
    for (String wsdl : java.util.Arrays.copyOfRange(args, 1, args.length)) {
      System.out.println("=== " + wsdl);
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      try {
        String[] options = {"-validate=all", "-d", args[0], wsdl};
        new WSDLToJava(options).run(new ToolContext(), said);
      } catch (Exception refused) {
        failed = true;
        System.out.println("refused: " + refused);
      }
      System.out.print(said.toString(StandardCharsets.UTF_8));
    }
    System.exit(failed ? 1 : 0);
  }
}
