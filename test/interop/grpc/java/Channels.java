import com.google.gson.JsonObject;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Channels by what they are asked for. */
final class Channels {
  private final Map<JsonObject, ManagedChannel> opened = new HashMap<>();

  ManagedChannel open(JsonObject options) throws IOException {
    ManagedChannel found = opened.get(options);
    if (found != null) return found;
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(options.get("target").getAsString(), credentials(options));
    if (options.has("authority")) builder.overrideAuthority(options.get("authority").getAsString());
    if (options.has("keepaliveMs")) {
      builder.keepAliveTime(options.get("keepaliveMs").getAsLong(), TimeUnit.MILLISECONDS);
    }
    if (options.has("withoutRetries")) builder.disableRetry();
    ManagedChannel made = builder.build();
    opened.put(options, made);
    return made;
  }

  private static ChannelCredentials credentials(JsonObject options) throws IOException {
    if (!options.has("ca")) return InsecureChannelCredentials.create();
    TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
    tls.trustManager(file(options, "ca"));
    if (options.has("certificate")) tls.keyManager(file(options, "certificate"), file(options, "key"));
    return tls.build();
  }

  private static File file(JsonObject options, String name) {
    return new File(options.get(name).getAsString());
  }

  void close() throws InterruptedException {
    for (ManagedChannel channel : opened.values()) {
      channel.shutdown().awaitTermination(10, TimeUnit.SECONDS);
    }
  }
}
