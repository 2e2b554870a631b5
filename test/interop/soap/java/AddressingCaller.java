import jakarta.xml.soap.Detail;
import jakarta.xml.ws.BindingProvider;
import jakarta.xml.ws.Dispatch;
import jakarta.xml.ws.Service;
import jakarta.xml.ws.soap.AddressingFeature;
import jakarta.xml.ws.soap.SOAPFaultException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.xml.namespace.QName;
import javax.xml.transform.Source;
import javax.xml.transform.dom.DOMResult;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamSource;

/**
 * Sends payloads with WS-Addressing, which the replies must have too: AddressingCaller WSDL_URL NAMESPACE SERVICE PORT.
 * Reads one payload per line, and prints one line for what came of each.
 */
public final class AddressingCaller {
  private AddressingCaller() {}

  public static void main(String[] args) throws Exception {
    String namespace = args[1];
    Service service = Service.create(URI.create(args[0]).toURL(), new QName(namespace, args[2]));
    AddressingFeature required = new AddressingFeature(true, true);
    Dispatch<Source> port =
        service.createDispatch(new QName(namespace, args[3]), Source.class, Service.Mode.PAYLOAD, required);
    Map<String, Object> context = port.getRequestContext();
    context.put(BindingProvider.SOAPACTION_USE_PROPERTY, true);
    context.put(BindingProvider.SOAPACTION_URI_PROPERTY, namespace + ":Evaluate");
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println("came: " + call(port, line));
    }
    System.exit(0);
  }

  private static String call(Dispatch<Source> port, String payload) throws Exception {
    try {
      DOMResult reply = new DOMResult();
      Source answer = port.invoke(new StreamSource(new StringReader(payload)));
      TransformerFactory.newInstance().newTransformer().transform(answer, reply);
      return reply.getNode().getFirstChild().getTextContent();
    } catch (SOAPFaultException fault) {
      // One of its own making, about what it got, has no detail.
      Detail detail = fault.getFault().getDetail();
      return detail == null ? "refused" : "fault " + detail.getElementsByTagName("code").item(0).getTextContent();
    }
  }
}
