import com.google.gson.JsonObject;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Repeats one unary call, so many at once, until it is stopped; no call is cancelled. */
final class Load {
  /** Answered calls between two lines about them. */
  private static final int PROGRESS = 50;

  private final ManagedChannel channel;
  private final Method method;
  private final Message request;
  private final Consumer<JsonObject> print;
  private final Map<String, Integer> failed = new TreeMap<>();
  private int answered;
  private volatile boolean isStopping;

  private Load(ManagedChannel channel, Method method, Message request, Consumer<JsonObject> print) {
    this.channel = channel;
    this.method = method;
    this.request = request;
    this.print = print;
  }

  /** @return what stops it */
  static Runnable start(ManagedChannel channel, Method method, JsonObject command, Consumer<JsonObject> print)
      throws Exception {
    Load load = new Load(channel, method, method.requests(command).get(0), print);
    new Thread(() -> load.run(command.get("atOnce").getAsInt())).start();
    return () -> load.isStopping = true;
  }

  private void run(int atOnce) {
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < atOnce; i++) callers.add(new Thread(this::repeat));
    callers.forEach(Thread::start);
    try {
      for (Thread caller : callers) caller.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    JsonObject line = line();
    JsonObject failures = new JsonObject();
    failed.forEach(failures::addProperty);
    line.add("failed", failures);
    print.accept(line);
  }

  private void repeat() {
    while (!isStopping) {
      try {
        ClientCalls.blockingUnaryCall(channel, method.descriptor(), CallOptions.DEFAULT, request);
        count();
      } catch (StatusRuntimeException error) {
        count(error.getStatus().toString());
      }
    }
  }

  private synchronized void count() {
    answered++;
    if (answered % PROGRESS == 0) print.accept(line());
  }

  private synchronized void count(String failure) {
    failed.merge(failure, 1, Integer::sum);
  }

  private JsonObject line() {
    JsonObject line = new JsonObject();
    line.addProperty("answered", answered);
    return line;
  }
}
