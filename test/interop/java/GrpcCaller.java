import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;

/**
 * Calls a service through the stubs that protoc generated: GrpcCaller PACKAGE SERVICE TARGET.
 * Reads one request in ProtoJSON per line and prints one line of ProtoJSON for each answer.
 */
public final class GrpcCaller {
  private GrpcCaller() {}

  public static void main(String[] args) throws Exception {
    Class<?> request = Class.forName(args[0] + ".EvaluateRequest");
    Class<?> stubs = Class.forName(args[0] + "." + args[1] + "Grpc");
    ManagedChannel channel = NettyChannelBuilder.forTarget(args[2]).usePlaintext().build();
    Object stub = stubs.getMethod("newBlockingStub", Channel.class).invoke(null, channel);
    Method evaluate = stub.getClass().getMethod("evaluate", request);
    JsonFormat.Printer printer = JsonFormat.printer().omittingInsignificantWhitespace();
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      Message.Builder builder = (Message.Builder) request.getMethod("newBuilder").invoke(null);
      JsonFormat.parser().merge(line, builder);
      answers.println(printer.print((MessageOrBuilder) evaluate.invoke(stub, builder.build())));
    }
    channel.shutdownNow();
  }
}
