import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.util.ArrayList;
import java.util.List;

/** A method of the generated stubs. One that the contract does not have takes and gives empty messages. */
record Method(MethodDescriptor<Message, Message> descriptor, Message prototype) {
  @SuppressWarnings("unchecked")
  static Method of(String path) throws Exception {
    int slash = path.indexOf('/');
    String name = path.substring(slash + 1);
    Class<?> stubs = Class.forName(path.substring(0, slash) + "Grpc");
    for (java.lang.reflect.Method getter : stubs.getMethods()) {
      if (!getter.getName().equals("get" + name + "Method")) continue;
      var descriptor = (MethodDescriptor<Message, Message>) getter.invoke(null);
      var marshaller = (MethodDescriptor.PrototypeMarshaller<Message>) descriptor.getRequestMarshaller();
      return new Method(descriptor, marshaller.getMessagePrototype());
    }
    MethodDescriptor.Marshaller<Message> empty = ProtoUtils.marshaller((Message) Empty.getDefaultInstance());
    return new Method(
        MethodDescriptor.<Message, Message>newBuilder(empty, empty)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(path)
            .build(),
        Empty.getDefaultInstance());
  }

  boolean streams() {
    return descriptor.getType() == MethodDescriptor.MethodType.BIDI_STREAMING;
  }

  List<Message> requests(JsonObject command) throws Exception {
    List<Message> requests = new ArrayList<>();
    for (JsonElement value : command.getAsJsonArray("requests")) {
      requests.add(GrpcValues.fill(prototype.newBuilderForType(), value.getAsJsonObject()).build());
    }
    return requests;
  }
}
