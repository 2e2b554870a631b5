import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jws.WebParam;
import jakarta.xml.ws.WebEndpoint;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/**
 * Calls a service through the classes that a tool generated from its WSDL: SoapCaller SERVICE_CLASS WSDL_URL.
 * Reads one JSON request per line, under XML names, and prints one line of JSON for each answer.
 */
public final class SoapCaller {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SoapCaller() {}

  public static void main(String[] args) throws Exception {
    Class<?> serviceClass = Class.forName(args[0]);
    Object service = serviceClass.getConstructor(URL.class).newInstance(URI.create(args[1]).toURL());
    Method endpoint = endpointOf(serviceClass);
    Object port = endpoint.invoke(service);
    Method operation = endpoint.getReturnType().getDeclaredMethods()[0];
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      answers.println(JSON.writeValueAsString(call(port, operation, JSON.readTree(line))));
    }
  }

  private static Method endpointOf(Class<?> serviceClass) {
    for (Method method : serviceClass.getDeclaredMethods()) {
      if (method.isAnnotationPresent(WebEndpoint.class) && method.getParameterCount() == 0) {
        return method;
      }
    }
    throw new IllegalArgumentException(serviceClass.getName() + " has no port");
  }

  private static ObjectNode call(Object port, Method operation, JsonNode request) throws Exception {
    ObjectNode answer = JSON.createObjectNode();
    try {
      return answer.set("result", SoapValues.write(operation.invoke(port, arguments(operation, request))));
    } catch (InvocationTargetException failed) {
      Throwable fault = failed.getCause();
      Method detail = fault.getClass().getMethod("getFaultInfo");
      answer.put("message", fault.getMessage());
      return answer.set("detail", SoapValues.write(detail.invoke(fault)));
    }
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
