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

  @Override
  public void secure(BindingProvider port, JsonNode security) {
    throw new UnsupportedOperationException("WS-Security is a part of Metro, not of the reference implementation");
  }

  @Override
  public void address(BindingProvider port) {
    throw new UnsupportedOperationException("addressing is a feature of the port: see AddressingCaller");
  }

  @Override
  public boolean isRelated(BindingProvider port) {
    return false;
  }
}
