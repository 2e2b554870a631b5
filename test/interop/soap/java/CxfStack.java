import com.fasterxml.jackson.databind.JsonNode;
import jakarta.xml.ws.BindingProvider;
import jakarta.xml.ws.WebServiceFeature;
import org.apache.cxf.endpoint.Client;
import org.apache.cxf.frontend.ClientProxy;
import org.apache.cxf.message.Message;
import org.apache.cxf.transport.common.gzip.GZIPInInterceptor;
import org.apache.cxf.transport.common.gzip.GZIPOutInterceptor;
import org.apache.cxf.transport.http.HTTPConduit;

/** Apache CXF. */
final class CxfStack implements Stack {
  /** From this many bytes on a request goes out in chunks, or packed. */
  private static final int THRESHOLD = 0;

  @Override
  public WebServiceFeature[] strict() {
    return new WebServiceFeature[0];
  }

  @Override
  public void settle(BindingProvider port, JsonNode settings, boolean strict) {
    // CXF reads a fault by itself under status 500 only; SOAP 1.2 has 400 for what the sender has to mend.
    port.getRequestContext().put("org.apache.cxf.transport.no_io_exceptions", true);
    if (strict) {
      port.getRequestContext().put(Message.SCHEMA_VALIDATION_ENABLED, true);
    }
    Client client = ClientProxy.getClient(port);
    HTTPConduit conduit = (HTTPConduit) client.getConduit();
    conduit.getClient().setAllowChunking(settings.path("chunked").asBoolean());
    conduit.getClient().setChunkingThreshold(THRESHOLD);
    if (settings.path("gzip").asBoolean()) {
      client.getInInterceptors().add(new GZIPInInterceptor());
      client.getOutInterceptors().add(new GZIPOutInterceptor(THRESHOLD));
    }
  }
}
