import com.fasterxml.jackson.databind.JsonNode;
import jakarta.xml.soap.SOAPElement;
import jakarta.xml.soap.SOAPEnvelope;
import jakarta.xml.soap.SOAPException;
import jakarta.xml.soap.SOAPHeaderElement;
import jakarta.xml.ws.handler.MessageContext;
import jakarta.xml.ws.handler.soap.SOAPHandler;
import jakarta.xml.ws.handler.soap.SOAPMessageContext;
import java.util.Set;
import javax.xml.namespace.QName;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Changes the envelope of one call on its way out, as no stack would. */
final class EnvelopeEdit implements SOAPHandler<SOAPMessageContext> {
  private final JsonNode edit;

  EnvelopeEdit(JsonNode edit) {
    this.edit = edit;
  }

  @Override
  public boolean handleMessage(SOAPMessageContext context) {
    if (Boolean.TRUE.equals(context.get(MessageContext.MESSAGE_OUTBOUND_PROPERTY))) {
      try {
        apply(context.getMessage().getSOAPPart().getEnvelope());
        context.getMessage().saveChanges();
      } catch (SOAPException failed) {
        throw new IllegalStateException(failed);
      }
    }
    return true;
  }

  private void apply(SOAPEnvelope envelope) throws SOAPException {
    String change = edit.get("change").textValue();
    if (change.equals("header")) {
      SOAPElement header = envelope.getHeader() == null ? envelope.addHeader() : envelope.getHeader();
      QName name = new QName(edit.get("namespace").textValue(), "Block", "n");
      ((SOAPHeaderElement) header.addChildElement(name)).setMustUnderstand(true);
      return;
    }
    Element element =
        (Element) envelope.getBody().getElementsByTagNameNS("*", edit.get("element").textValue()).item(0);
    Node parent = element.getParentNode();
    switch (change) {
      case "set" -> element.setTextContent(edit.get("text").textValue());
      case "remove" -> parent.removeChild(element);
      case "rename" -> parent.replaceChild(renamed(element, edit.get("to").textValue()), element);
      case "repeat" -> parent.insertBefore(element.cloneNode(true), element);
      default -> throw new IllegalArgumentException(change);
    }
  }

  private static Element renamed(Element element, String name) {
    String prefix = element.getPrefix() == null ? "" : element.getPrefix() + ":";
    Element renamed = element.getOwnerDocument().createElementNS(element.getNamespaceURI(), prefix + name);
    while (element.getFirstChild() != null) {
      renamed.appendChild(element.getFirstChild());
    }
    return renamed;
  }

  @Override
  public Set<QName> getHeaders() {
    return Set.of();
  }

  @Override
  public boolean handleFault(SOAPMessageContext context) {
    return true;
  }

  @Override
  public void close(MessageContext context) {}
}
