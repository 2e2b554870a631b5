import com.fasterxml.jackson.databind.JsonNode;
import jakarta.xml.ws.BindingProvider;
import jakarta.xml.ws.soap.SOAPBinding;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import org.apache.cxf.endpoint.Client;
import org.apache.cxf.frontend.ClientProxy;
import org.apache.cxf.ws.security.SecurityConstants;
import org.apache.cxf.ws.security.wss4j.WSS4JInInterceptor;
import org.apache.cxf.ws.security.wss4j.WSS4JOutInterceptor;
import org.apache.wss4j.common.ConfigurationConstants;
import org.apache.wss4j.common.WSS4JConstants;
import org.apache.wss4j.common.crypto.Merlin;
import org.apache.wss4j.common.ext.WSPasswordCallback;

/** The "security" of a call as CXF and WSS4J have it: see client-program.ts. */
final class CxfSecurity {
  private static final String KEY_ALIAS = "key";
  private static final String KEY_PASSWORD = "of a store that is never written";
  private static final String CRYPTO = "crypto";

  private CxfSecurity() {}

  static void settle(BindingProvider port, JsonNode security) throws Exception {
    if (security.path("byPolicy").asBoolean()) {
      answerPolicy(port.getRequestContext(), security);
    } else {
      addInterceptors(port, security);
    }
  }

  /** What the policy of the WSDL asks for is taken from here. */
  private static void answerPolicy(Map<String, Object> context, JsonNode security) throws Exception {
    context.put(SecurityConstants.CALLBACK_HANDLER, passwords(security));
    if (security.has("token")) {
      context.put(SecurityConstants.USERNAME, security.get("token").get("name").textValue());
    }
    if (security.has("signature")) {
      context.put(SecurityConstants.SIGNATURE_CRYPTO, crypto(security.get("signature")));
      context.put(SecurityConstants.SIGNATURE_USERNAME, KEY_ALIAS);
      // Every algorithm suite of WS-SecurityPolicy 1.2 signs with SHA-1, Basic256Sha256 too: only its digests are SHA-256.
      context.put(SecurityConstants.ASYMMETRIC_SIGNATURE_ALGORITHM, WSS4JConstants.RSA_SHA256);
    }
  }

  private static void addInterceptors(BindingProvider port, JsonNode security) throws Exception {
    Client client = ClientProxy.getClient(port);
    Map<String, Object> settings = new HashMap<>();
    List<String> actions = new ArrayList<>();
    settings.put(ConfigurationConstants.PW_CALLBACK_REF, passwords(security));
    if (security.has("token")) {
      JsonNode token = security.get("token");
      boolean digest = token.get("type").textValue().equals("digest");
      actions.add(ConfigurationConstants.USERNAME_TOKEN);
      settings.put(ConfigurationConstants.USER, token.get("name").textValue());
      settings.put(ConfigurationConstants.PASSWORD_TYPE, digest ? WSS4JConstants.PW_DIGEST : WSS4JConstants.PW_TEXT);
    }
    if (security.path("timestamp").asBoolean()) {
      actions.add(ConfigurationConstants.TIMESTAMP);
      Map<String, Object> expected = Map.of(ConfigurationConstants.ACTION, ConfigurationConstants.TIMESTAMP);
      client.getInInterceptors().add(new WSS4JInInterceptor(expected));
    }
    if (security.has("signature")) {
      actions.add(ConfigurationConstants.SIGNATURE);
      settings.put(CRYPTO, crypto(security.get("signature")));
      settings.put(ConfigurationConstants.SIG_PROP_REF_ID, CRYPTO);
      settings.put(ConfigurationConstants.SIGNATURE_USER, KEY_ALIAS);
      settings.put(ConfigurationConstants.SIG_KEY_ID, "DirectReference");
      settings.put(ConfigurationConstants.SIG_ALGO, WSS4JConstants.RSA_SHA256);
      settings.put(ConfigurationConstants.SIG_DIGEST_ALGO, WSS4JConstants.SHA256);
      settings.put(ConfigurationConstants.SIGNATURE_PARTS, signedParts((SOAPBinding) port.getBinding()));
    }
    settings.put(ConfigurationConstants.ACTION, String.join(" ", actions));
    client.getOutInterceptors().add(new WSS4JOutInterceptor(settings));
  }

  private static String signedParts(SOAPBinding binding) throws Exception {
    String soap = binding.getSOAPFactory().createFault().getNamespaceURI();
    return "{Element}{" + soap + "}Body;{Element}{" + WSS4JConstants.WSU_NS + "}Timestamp";
  }

  /** The password of the token, and that of the key. */
  private static CallbackHandler passwords(JsonNode security) {
    return callbacks -> {
      for (Callback callback : callbacks) {
        WSPasswordCallback asked = (WSPasswordCallback) callback;
        boolean forKey = asked.getIdentifier().equals(KEY_ALIAS);
        asked.setPassword(forKey ? KEY_PASSWORD : security.get("token").get("password").textValue());
      }
    };
  }

  private static Merlin crypto(JsonNode files) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    Certificate[] chain = {readCertificate(Path.of(files.get("certificate").textValue()))};
    store.setKeyEntry(KEY_ALIAS, readKey(Path.of(files.get("key").textValue())), KEY_PASSWORD.toCharArray(), chain);
    Merlin crypto = new Merlin();
    crypto.setKeyStore(store);
    return crypto;
  }

  static Certificate readCertificate(Path pem) throws Exception {
    try (InputStream bytes = Files.newInputStream(pem)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(bytes);
    }
  }

  private static PrivateKey readKey(Path pem) throws Exception {
    String base64 = Files.readString(pem).replaceAll("-----[^-]+-----|\\s", "");
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }
}
