import com.fasterxml.jackson.databind.JsonNode;
import jakarta.xml.ws.BindingProvider;
import jakarta.xml.ws.WebServiceFeature;

/** What SoapClient needs of one implementation of JAX-WS beyond the standard. */
interface Stack {
  /** Features of every port whose messages are as the stack makes them: it validates requests and replies. */
  WebServiceFeature[] strict();

  /** Settles a new port. */
  void settle(BindingProvider port, JsonNode settings, boolean strict);

  /** Lets a port send what "security" of a call says. */
  void secure(BindingProvider port, JsonNode security) throws Exception;

  /** Lets a port speak WS-Addressing. */
  void address(BindingProvider port);

  /** Whether the last reply relates to the MessageID that was sent. */
  boolean isRelated(BindingProvider port);
}
