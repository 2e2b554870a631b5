import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.xml.bind.JAXBElement;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlElementRef;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import javax.xml.namespace.QName;

/** Tagged JSON, as tagged-values.ts has it, to the objects of generated classes and back. A null is an element that is nil. */
final class SoapValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private SoapValues() {}

  /** A tagged value as an object of a generated type; the tag says which, and another type is an error of reflection. */
  static Object read(Type type, JsonNode json) throws Exception {
    if (type instanceof ParameterizedType) {
      Type items = ((ParameterizedType) type).getActualTypeArguments()[0];
      List<Object> list = new ArrayList<>();
      for (JsonNode item : json) {
        list.add(read(items, item));
      }
      return list;
    }
    if (json.isTextual()) {
      return type == String.class ? json.textValue() : readEnum((Class<?>) type, json.textValue());
    }
    if (json.isBoolean()) {
      return json.booleanValue();
    }
    Iterator<Map.Entry<String, JsonNode>> members = json.properties().iterator();
    Map.Entry<String, JsonNode> first = members.hasNext() ? members.next() : Map.entry("", json);
    String text = first.getValue().asText();
    return switch (first.getKey()) {
      case "$long" -> Long.valueOf(text);
      case "$decimal" -> new BigDecimal(text);
      case "$double" -> Double.longBitsToDouble(Long.parseUnsignedLong(text, 16));
      case "$date", "$dateTime" -> DatatypeFactory.newInstance().newXMLGregorianCalendar(text);
      default -> readObject((Class<?>) type, json);
    };
  }

  /** JAXB makes an enumeration of a text with a list of values. */
  private static Object readEnum(Class<?> type, String text) throws Exception {
    return type.getMethod("fromValue", String.class).invoke(null, text);
  }

  private static Object readObject(Class<?> type, JsonNode json) throws Exception {
    Object object = type.getConstructor().newInstance();
    for (Iterator<Map.Entry<String, JsonNode>> members = json.properties().iterator(); members.hasNext(); ) {
      Map.Entry<String, JsonNode> member = members.next();
      Field field = fieldOf(type, member.getKey());
      field.set(object, readMember(field, member.getValue()));
    }
    return object;
  }

  private static Object readMember(Field field, JsonNode json) throws Exception {
    XmlElementRef reference = field.getAnnotation(XmlElementRef.class);
    if (reference == null) {
      return json.isNull() ? null : read(field.getGenericType(), json);
    }
    Type content = ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
    Object value = json.isNull() ? null : read(content, json);
    @SuppressWarnings({"unchecked", "rawtypes"})
    Class<Object> rawType = (Class) (content instanceof ParameterizedType ? List.class : content);
    JAXBElement<Object> element = new JAXBElement<>(new QName(reference.namespace(), reference.name()), rawType, value);
    element.setNil(value == null);
    return element;
  }

  private static Field fieldOf(Class<?> type, String xmlName) {
    for (Field field : type.getDeclaredFields()) {
      if (nameOf(field).equals(xmlName)) {
        field.setAccessible(true);
        return field;
      }
    }
    throw new IllegalArgumentException(type.getName() + " has no " + xmlName);
  }

  private static String nameOf(Field field) {
    XmlElementRef reference = field.getAnnotation(XmlElementRef.class);
    XmlElement element = field.getAnnotation(XmlElement.class);
    if (reference != null) {
      return reference.name();
    }
    return element == null || element.name().equals("##default") ? field.getName() : element.name();
  }

  /** What an answer holds; members that are absent are left out. */
  static JsonNode write(Object value) throws Exception {
    if (value == null) {
      return JSON.nullNode();
    }
    if (value instanceof JAXBElement) {
      return write(((JAXBElement<?>) value).getValue());
    }
    if (value instanceof List) {
      ArrayNode list = JSON.arrayNode();
      for (Object item : (List<?>) value) {
        list.add(write(item));
      }
      return list;
    }
    if (value instanceof String) {
      return JSON.textNode((String) value);
    }
    if (value instanceof Long) {
      return tag("$long", value.toString());
    }
    if (value instanceof Integer) {
      return tag("$int", value.toString());
    }
    if (value instanceof Double) {
      return tag("$double", String.format("%016x", Double.doubleToLongBits((Double) value)));
    }
    if (value instanceof Boolean) {
      return JSON.booleanNode((Boolean) value);
    }
    if (value instanceof BigDecimal) {
      return tag("$decimal", ((BigDecimal) value).toPlainString());
    }
    if (value instanceof XMLGregorianCalendar) {
      XMLGregorianCalendar calendar = (XMLGregorianCalendar) value;
      // "date" or "dateTime": which of the types of XML Schema its fields make it.
      return tag("$" + calendar.getXMLSchemaType().getLocalPart(), calendar.toXMLFormat());
    }
    if (value instanceof Enum) {
      return JSON.textNode((String) value.getClass().getMethod("value").invoke(value));
    }
    ObjectNode object = JSON.objectNode();
    for (Field field : value.getClass().getDeclaredFields()) {
      field.setAccessible(true);
      Object member = field.get(value);
      if (member != null) {
        object.set(nameOf(field), write(member));
      }
    }
    return object;
  }

  private static ObjectNode tag(String type, String text) {
    return JSON.objectNode().put(type, text);
  }
}
