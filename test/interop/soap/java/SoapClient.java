import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jws.WebMethod;
import jakarta.jws.WebParam;
import jakarta.xml.soap.SOAPFault;
import jakarta.xml.ws.BindingProvider;
import jakarta.xml.ws.WebEndpoint;
import jakarta.xml.ws.WebServiceFeature;
import jakarta.xml.ws.handler.Handler;
import jakarta.xml.ws.soap.SOAPFaultException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.logging.LogManager;
import javax.xml.namespace.QName;

/**
 * A stack of JAX-WS as a client program, through the classes that it generated: SoapClient STACK_CLASS SETTINGS_JSON.
 * See client-program.ts for what it reads and prints.
 */
public final class SoapClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Members of a call that change its port. */
  private static final List<String> SPECIAL = List.of("edit", "address", "action", "security", "addressing");

  private final Stack stack;
  private final JsonNode settings;
  private final Map<String, BindingProvider> ports = new HashMap<>();

  private SoapClient(Stack stack, JsonNode settings) {
    this.stack = stack;
    this.settings = settings;
  }

  public static void main(String[] args) throws Exception {
    // What a stack says about a fault that a test asks for is no complaint.
    LogManager.getLogManager().readConfiguration(new ByteArrayInputStream(".level=OFF".getBytes(StandardCharsets.UTF_8)));
    Stack stack = (Stack) Class.forName(args[0]).getDeclaredConstructor().newInstance();
    SoapClient client = new SoapClient(stack, JSON.readTree(args[1]));
    BufferedReader calls = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = calls.readLine(); line != null; line = calls.readLine()) {
      answers.println(JSON.writeValueAsString(client.call(JSON.readTree(line))));
    }
    // Threads of the HTTP client would keep the process for a while.
    System.exit(0);
  }

  private ObjectNode call(JsonNode call) throws Exception {
    BindingProvider port = portOf(call);
    Method operation = operationOf(port, call.get("operation").textValue());
    try {
      Object result = operation.invoke(port, arguments(operation, call.get("request")));
      ObjectNode answer = JSON.createObjectNode().set("result", SoapValues.write(result));
      return call.has("addressing") ? answer.put("related", stack.isRelated(port)) : answer;
    } catch (InvocationTargetException failed) {
      return report(failed.getCause());
    }
  }

  private static ObjectNode report(Throwable thrown) throws Exception {
    ObjectNode answer = JSON.createObjectNode();
    if (thrown instanceof SOAPFaultException) {
      SOAPFault fault = ((SOAPFaultException) thrown).getFault();
      ObjectNode seen = answer.putObject("fault").put("exception", "SOAPFaultException");
      seen.put("code", fault.getFaultCodeAsQName().getLocalPart()).put("reason", fault.getFaultString());
      Iterator<QName> subcodes = subcodesOf(fault);
      if (subcodes.hasNext()) {
        seen.put("subcode", subcodes.next().getLocalPart());
      }
      return answer;
    }
    Method detail = faultInfo(thrown);
    if (detail == null) {
      Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
      return answer.put("failure", cause.getClass().getSimpleName() + ": " + cause.getMessage());
    }
    ObjectNode seen = answer.putObject("fault").put("exception", "declared");
    seen.putNull("code").put("reason", thrown.getMessage());
    seen.set("detail", SoapValues.write(detail.invoke(thrown)));
    return answer;
  }

  /** SOAP 1.1 has none, and SAAJ says so by an exception. */
  private static Iterator<QName> subcodesOf(SOAPFault fault) {
    try {
      return fault.getFaultSubcodes();
    } catch (UnsupportedOperationException none) {
      return Collections.emptyIterator();
    }
  }

  /** What the generated class of a declared fault has. */
  private static Method faultInfo(Throwable thrown) {
    try {
      return thrown.getClass().getMethod("getFaultInfo");
    } catch (NoSuchMethodException none) {
      return null;
    }
  }

  /** A port for calls as the stack makes them, which it validates; one of its own for each call that is special. */
  private BindingProvider portOf(JsonNode call) throws Exception {
    String wsdl = call.get("wsdl").textValue();
    boolean special = SPECIAL.stream().anyMatch(call::has);
    BindingProvider port = special ? null : ports.get(wsdl);
    if (port == null) {
      port = newPort(call, call.get("edit"));
    }
    if (!special) {
      ports.put(wsdl, port);
    }
    Map<String, Object> context = port.getRequestContext();
    if (call.has("address")) {
      context.put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, call.get("address").textValue());
    }
    if (call.has("action")) {
      context.put(BindingProvider.SOAPACTION_USE_PROPERTY, true);
      context.put(BindingProvider.SOAPACTION_URI_PROPERTY, call.get("action").textValue());
    }
    if (call.has("security")) {
      stack.secure(port, call.get("security"));
    }
    if (call.has("addressing")) {
      stack.address(port);
    }
    return port;
  }

  private BindingProvider newPort(JsonNode call, JsonNode edit) throws Exception {
    String packageName = call.get("namespace").textValue().replaceFirst("^urn:artifact-gateway:(.*):", "gateway.artifact.$1.");
    Class<?> serviceClass = Class.forName(packageName + "." + call.get("service").textValue());
    Object service =
        serviceClass.getConstructor(URL.class).newInstance(URI.create(call.get("wsdl").textValue()).toURL());
    WebServiceFeature[] features = edit == null ? stack.strict() : new WebServiceFeature[0];
    BindingProvider port = (BindingProvider) endpointOf(serviceClass).invoke(service, (Object) features);
    stack.settle(port, settings, edit == null);
    if (edit != null) {
      @SuppressWarnings("rawtypes")
      List<Handler> handlers = new ArrayList<>(List.of(new EnvelopeEdit(edit)));
      port.getBinding().setHandlerChain(handlers);
    }
    return port;
  }

  private static Method endpointOf(Class<?> serviceClass) {
    for (Method method : serviceClass.getDeclaredMethods()) {
      if (method.isAnnotationPresent(WebEndpoint.class) && method.getParameterCount() == 1) {
        return method;
      }
    }
    throw new IllegalArgumentException(serviceClass.getName() + " has no port");
  }

  private static Method operationOf(BindingProvider port, String name) {
    for (Class<?> type : port.getClass().getInterfaces()) {
      for (Method method : type.getDeclaredMethods()) {
        WebMethod declared = method.getAnnotation(WebMethod.class);
        if (declared != null && declared.operationName().equals(name)) {
          return method;
        }
      }
    }
    throw new IllegalArgumentException("no operation " + name);
  }

  private static Object[] arguments(Method operation, JsonNode request) throws Exception {
    Parameter[] parameters = operation.getParameters();
    Object[] values = new Object[parameters.length];
    for (int index = 0; index < parameters.length; index += 1) {
      String name = parameters[index].getAnnotation(WebParam.class).name();
      JsonNode value = request.get(name);
      values[index] = value == null ? null : SoapValues.read(parameters[index].getParameterizedType(), value);
    }
    return values;
  }
}
