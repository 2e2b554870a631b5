import com.sun.tools.ws.wscompile.WsimportTool;

/**
 * Runs wsimport over many WSDLs in one process: WsimportGenerator FOLDER WSDL_URL...
 * Sources go below FOLDER. Prints a line "=== WSDL" before whatever it says about one.
 */
public final class WsimportGenerator {
  private WsimportGenerator() {}

  public static void main(String[] args) throws Exception {
    boolean failed = false;
    for (String wsdl : java.util.Arrays.copyOfRange(args, 1, args.length)) {
      System.out.println("=== " + wsdl);
      String[] options = {"-quiet", "-extension", "-Xnocompile", "-s", args[0], wsdl};
      failed |= !new WsimportTool(System.out).run(options);
    }
    System.exit(failed ? 1 : 0);
  }
}
