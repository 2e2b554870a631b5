import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import com.google.type.Date;
import com.google.type.Decimal;
import java.text.ParseException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Messages from and to the tagged values of test/interop/soap/tagged-values.ts, in the types that protobuf has for them. */
final class GrpcValues {
  /** Knows the details of errors. */
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .usingTypeRegistry(
              JsonFormat.TypeRegistry.newBuilder()
                  .add(List.of(BadRequest.getDescriptor(), ErrorInfo.getDescriptor(), RetryInfo.getDescriptor()))
                  .build());

  private GrpcValues() {}

  /** Sets the fields that are there. */
  static Message.Builder fill(Message.Builder message, JsonObject json) throws ParseException {
    Message tagged = taggedMessage(json);
    if (tagged != null) return message.mergeFrom(tagged);
    for (Map.Entry<String, JsonElement> member : json.entrySet()) {
      fillField(message, message.getDescriptorForType().findFieldByName(member.getKey()), member.getValue());
    }
    return message;
  }

  /** A value that protobuf has a message for, made by the library's own helper; null: it is none. */
  private static Message taggedMessage(JsonObject json) throws ParseException {
    if (json.has("$decimal")) return Decimal.newBuilder().setValue(json.get("$decimal").getAsString()).build();
    if (json.has("$dateTime")) return Timestamps.parse(json.get("$dateTime").getAsString());
    if (!json.has("$date")) return null;
    LocalDate day = LocalDate.parse(json.get("$date").getAsString());
    return Date.newBuilder()
        .setYear(day.getYear())
        .setMonth(day.getMonthValue())
        .setDay(day.getDayOfMonth())
        .build();
  }

  private static void fillField(Message.Builder message, FieldDescriptor field, JsonElement json)
      throws ParseException {
    if (field.isMapField()) {
      for (Map.Entry<String, JsonElement> member : json.getAsJsonObject().entrySet()) {
        Message.Builder entry = message.newBuilderForField(field);
        fillField(entry, field.getMessageType().findFieldByName("key"), new JsonPrimitive(member.getKey()));
        fillField(entry, field.getMessageType().findFieldByName("value"), member.getValue());
        message.addRepeatedField(field, entry.build());
      }
    } else if (field.isRepeated()) {
      for (JsonElement item : json.getAsJsonArray()) message.addRepeatedField(field, value(message, field, item));
    } else {
      message.setField(field, value(message, field, json));
    }
  }

  private static Object value(Message.Builder message, FieldDescriptor field, JsonElement json)
      throws ParseException {
    return switch (field.getJavaType()) {
      case MESSAGE -> fill(message.newBuilderForField(field), json.getAsJsonObject()).build();
      case STRING -> json.getAsString();
      case BOOLEAN -> json.getAsBoolean();
      case LONG -> Long.parseLong(json.getAsJsonObject().get("$long").getAsString());
      case INT -> Integer.parseInt(json.getAsJsonObject().get("$long").getAsString());
      case DOUBLE -> Double.longBitsToDouble(
          Long.parseUnsignedLong(json.getAsJsonObject().get("$double").getAsString(), 16));
      default -> throw new IllegalArgumentException(field.getFullName() + " is of no type that a contract has");
    };
  }

  /** Every field that is set, by name. */
  static JsonObject read(Message message) {
    if (message instanceof Decimal decimal) return tag("$decimal", decimal.getValue());
    if (message instanceof Timestamp moment) return tag("$dateTime", Timestamps.toString(moment));
    if (message instanceof Date date) {
      return tag("$date", String.format("%04d-%02d-%02d", date.getYear(), date.getMonth(), date.getDay()));
    }
    if (message instanceof Status status) return print(status);
    JsonObject members = new JsonObject();
    message.getAllFields().forEach((field, value) -> members.add(field.getName(), readField(field, value)));
    return members;
  }

  private static JsonElement readField(FieldDescriptor field, Object value) {
    if (!field.isRepeated()) return readOne(value);
    List<?> items = (List<?>) value;
    if (!field.isMapField()) {
      JsonArray list = new JsonArray();
      items.forEach(item -> list.add(readOne(item)));
      return list;
    }
    JsonObject entries = new JsonObject();
    for (Object item : items) {
      MapEntry<?, ?> entry = (MapEntry<?, ?>) item;
      entries.add(entry.getKey().toString(), readOne(entry.getValue()));
    }
    return entries;
  }

  private static JsonElement readOne(Object value) {
    if (value instanceof Message message) return read(message);
    if (value instanceof Boolean flag) return new JsonPrimitive(flag);
    if (value instanceof Long || value instanceof Integer) return tag("$long", value.toString());
    if (value instanceof Double ratio) {
      return tag("$double", String.format("%016x", Double.doubleToLongBits(ratio)));
    }
    return new JsonPrimitive((String) value);
  }

  static JsonObject print(Status status) {
    try {
      return JsonParser.parseString(PRINTER.print(status)).getAsJsonObject();
    } catch (InvalidProtocolBufferException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private static JsonObject tag(String type, String text) {
    JsonObject tagged = new JsonObject();
    tagged.addProperty(type, text);
    return tagged;
  }
}
