import com.fasterxml.jackson.databind.JsonNode;
import com.sun.xml.ws.developer.SchemaValidationFeature;
import jakarta.xml.ws.BindingProvider;
import jakarta.xml.ws.WebServiceFeature;

/** The reference implementation of JAX-WS. */
final class RiStack implements Stack {
  @Override
  public WebServiceFeature[] strict() {
    return new WebServiceFeature[] {new SchemaValidationFeature()};
  }

  @Override
  public void settle(BindingProvider port, JsonNode settings, boolean strict) {}
}
