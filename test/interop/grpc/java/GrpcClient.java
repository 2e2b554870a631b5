import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the calls that it reads, a line of JSON each, and prints what grpc-java hands out of them. The lines are those of
 * test/interop/grpc/client-program.ts.
 */
public final class GrpcClient {
  private final Channels channels = new Channels();
  /** What ends the calls and loads in progress, by id. */
  private final Map<Integer, Runnable> cancels = new ConcurrentHashMap<>();
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final Gson gson = new Gson();

  private GrpcClient() {}

  private void take(String line) throws Exception {
    JsonObject command = gson.fromJson(line, JsonObject.class);
    int id = command.get("id").getAsInt();
    String what = command.get("do").getAsString();
    if (what.equals("cancel")) {
      Runnable cancel = cancels.remove(id);
      if (cancel != null) cancel.run();
      return;
    }
    ManagedChannel channel = channels.open(command.getAsJsonObject("channel"));
    Method method = Method.of(command.get("method").getAsString());
    cancels.put(
        id,
        what.equals("load")
            ? Load.start(channel, method, command, members -> print(id, members))
            : Call.start(channel, method, command, members -> print(id, members)));
  }

  private synchronized void print(int id, JsonObject members) {
    members.addProperty("id", id);
    // Gson writes no line ends of its own.
    out.println(gson.toJson((JsonElement) members));
  }

  public static void main(String[] args) throws Exception {
    GrpcClient client = new GrpcClient();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      client.take(line);
    }
    client.channels.close();
  }
}
