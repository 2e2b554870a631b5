import com.fasterxml.jackson.databind.JsonNode;
import jakarta.xml.ws.BindingProvider;
import jakarta.xml.ws.WebServiceFeature;
import java.util.UUID;
import org.apache.cxf.BusFactory;
import org.apache.cxf.endpoint.Client;
import org.apache.cxf.frontend.ClientProxy;
import org.apache.cxf.message.Message;
import org.apache.cxf.transport.common.gzip.GZIPInInterceptor;
import org.apache.cxf.transport.common.gzip.GZIPOutInterceptor;
import org.apache.cxf.transport.http.HTTPConduit;
import org.apache.cxf.ws.addressing.AddressingProperties;
import org.apache.cxf.ws.addressing.AttributedURIType;
import org.apache.cxf.ws.addressing.JAXWSAConstants;
import org.apache.cxf.ws.addressing.WSAddressingFeature;

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
    // By itself CXF reads a fault under status 500 only; SOAP 1.2 has 400 for what the sender has to mend.
    port.getRequestContext().put("org.apache.cxf.transport.process_fault_on_http_400", true);
    if (strict) {
      port.getRequestContext().put(Message.SCHEMA_VALIDATION_ENABLED, true);
    }
    Client client = ClientProxy.getClient(port);
    HTTPConduit conduit = (HTTPConduit) client.getConduit();
    conduit.getClient().setAllowChunking(settings.path("chunked").asBoolean());
    conduit.getClient().setChunkingThreshold(THRESHOLD);
    if (settings.path("gzip").asBoolean()) {
      client.getInInterceptors().add(new GZIPInInterceptor());
      GZIPOutInterceptor packing = new GZIPOutInterceptor(THRESHOLD);
      // By itself CXF packs requests only once a reply has said that it may.
      packing.setForce(true);
      client.getOutInterceptors().add(packing);
    }
  }

  @Override
  public void secure(BindingProvider port, JsonNode security) throws Exception {
    CxfSecurity.settle(port, security);
  }

  @Override
  public void address(BindingProvider port) {
    new WSAddressingFeature().initialize(ClientProxy.getClient(port), BusFactory.getDefaultBus());
    AttributedURIType id = new AttributedURIType();
    id.setValue("urn:uuid:" + UUID.randomUUID());
    AddressingProperties sent = new AddressingProperties();
    sent.setMessageID(id);
    port.getRequestContext().put(JAXWSAConstants.CLIENT_ADDRESSING_PROPERTIES, sent);
  }

  @Override
  public boolean isRelated(BindingProvider port) {
    AddressingProperties sent =
        (AddressingProperties) port.getRequestContext().get(JAXWSAConstants.CLIENT_ADDRESSING_PROPERTIES);
    AddressingProperties came =
        (AddressingProperties) port.getResponseContext().get(JAXWSAConstants.ADDRESSING_PROPERTIES_INBOUND);
    return came.getRelatesTo().getValue().equals(sent.getMessageID().getValue());
  }
}
