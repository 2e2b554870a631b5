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

/** JSON under XML names to the objects of generated classes and back. A JSON null is an element that is nil. */
final class SoapValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private SoapValues() {}

  /** An object of a generated type; text stays text, and a number that is no long is refused where a long belongs. */
  static Object read(Type type, JsonNode json) throws Exception {
    if (type instanceof ParameterizedType) {
      Type items = ((ParameterizedType) type).getActualTypeArguments()[0];
      List<Object> list = new ArrayList<>();
      for (JsonNode item : json) {
        list.add(read(items, item));
      }
      return list;
    }
    if (type == String.class) {
      return json.textValue();
    }
    if (type == Long.class || type == long.class) {
      return json.bigIntegerValue().longValueExact();
    }
    if (type == Double.class || type == double.class) {
      return json.isTextual() ? Double.valueOf(json.textValue()) : json.doubleValue();
    }
    if (type == Boolean.class || type == boolean.class) {
      return json.booleanValue();
    }
    if (type == BigDecimal.class) {
      return new BigDecimal(json.textValue());
    }
    if (type == XMLGregorianCalendar.class) {
      return DatatypeFactory.newInstance().newXMLGregorianCalendar(json.textValue());
    }
    return readObject((Class<?>) type, json);
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
      return JSON.numberNode((Long) value);
    }
    if (value instanceof Double) {
      double number = (Double) value;
      return Double.isFinite(number) ? JSON.numberNode(number) : JSON.textNode(Double.toString(number));
    }
    if (value instanceof Integer) {
      return JSON.numberNode((Integer) value);
    }
    if (value instanceof Boolean) {
      return JSON.booleanNode((Boolean) value);
    }
    if (value instanceof BigDecimal) {
      return JSON.textNode(((BigDecimal) value).toPlainString());
    }
    if (value instanceof XMLGregorianCalendar) {
      return JSON.textNode(((XMLGregorianCalendar) value).toXMLFormat());
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
}
