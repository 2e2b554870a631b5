import com.google.gson.JsonObject;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One call: prints each answer as it comes, and then the status. */
final class Call extends ClientCall.Listener<Message> {
  private final ClientCall<Message, Message> call;
  private final boolean streams;
  private final Iterator<Message> requests;
  private final Consumer<JsonObject> print;
  private boolean isClosed;

  private Call(
      ClientCall<Message, Message> call, boolean streams, List<Message> requests, Consumer<JsonObject> print) {
    this.call = call;
    this.streams = streams;
    this.requests = requests.iterator();
    this.print = print;
  }

  /** @return what cancels it */
  static Runnable start(ManagedChannel channel, Method method, JsonObject command, Consumer<JsonObject> print)
      throws Exception {
    CallOptions options = CallOptions.DEFAULT;
    if (command.has("timeoutMs")) {
      options = options.withDeadlineAfter(command.get("timeoutMs").getAsLong(), TimeUnit.MILLISECONDS);
    }
    if (command.has("gzip")) options = options.withCompression("gzip");
    ClientCall<Message, Message> call = channel.newCall(method.descriptor(), options);
    Call listener = new Call(call, method.streams(), method.requests(command), print);
    call.start(listener, new Metadata());
    call.request(1);
    listener.send();
    return () -> call.cancel("as the test says", null);
  }

  /** Sends while there is room. Nobody says when there is for a single message. */
  private synchronized void send() {
    while (requests.hasNext() && (!streams || call.isReady())) call.sendMessage(requests.next());
    if (requests.hasNext() || isClosed) return;
    isClosed = true;
    call.halfClose();
  }

  @Override
  public void onReady() {
    send();
  }

  @Override
  public void onMessage(Message answer) {
    JsonObject line = new JsonObject();
    line.add("answer", GrpcValues.read(answer));
    print.accept(line);
    call.request(1);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    JsonObject line = new JsonObject();
    var rich = StatusProto.fromThrowable(status.asRuntimeException(trailers));
    line.add("status", status.isOk() ? new JsonObject() : GrpcValues.print(rich));
    print.accept(line);
  }
}
