package simulations.sse;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import simulations.run.Access;
import simulations.run.Secrets;
import simulations.run.Verify;
import simulations.sse.SseSettings.Api;
import simulations.sse.SseSettings.Fields;

/**
 * The service under load.
 *
 * @param serviceUrl the user's own; empty if the bundled targets are started
 * @param proxyUrl the same by its other name
 * @param llmUrl address of its upstream's metrics, if the user named it
 * @param apiKey sent as the API's clients send it, if present
 * @param body further fields of the request, a JSON object; null takes a field out
 * @param verify whether every token's text is checked
 */
public record Service(
    @Option(name = "service.url") Optional<ServiceUrl> serviceUrl,
    @Option(name = "proxy.url") Optional<ServiceUrl> proxyUrl,
    @Option(name = "llm.url", like = "http://127.0.0.1:10080") Optional<URI> llmUrl,
    @Option Api api,
    @Option Optional<String> apiKey,
    @Option Optional<Fields> body,
    @Option String model,
    @Option Verify verify)
    implements Checked {
  @Override
  public void check(SettingsReader from) {
    if (serviceUrl.isPresent() && proxyUrl.isPresent()) {
      from.error("proxy.url", "is another name of -Dservice.url; leave one of them out");
    }
  }

  Optional<ServiceUrl> url() {
    return serviceUrl.or(() -> proxyUrl);
  }

  boolean isExternal() {
    return url().isPresent();
  }

  /** Returns the option by which the user named the service. */
  String option() {
    return serviceUrl.isPresent() ? "-Dservice.url" : "-Dproxy.url";
  }

  /** Returns the headers that the API's clients send, without those that the user names. */
  public Map<String, String> headers(Access access) {
    Map<String, String> all = new LinkedHashMap<>();
    if (api == Api.MESSAGES) {
      all.put("anthropic-version", "2023-06-01");
      apiKey.ifPresent(key -> all.put("x-api-key", key));
    } else {
      apiKey.ifPresent(key -> all.put("authorization", "Bearer " + key));
    }
    all.keySet().removeIf(access::names);
    return all;
  }

  /** Returns what the service said without the secrets that were sent to it. */
  String masked(String text, Access access) {
    Map<String, String> secrets = new LinkedHashMap<>(access.headers());
    apiKey.ifPresent(key -> secrets.put(api == Api.MESSAGES ? "x-api-key" : "authorization", key));
    return Secrets.masked(text, secrets);
  }

  boolean verifyText() {
    return verify.holds(!isExternal());
  }

  /** Returns true if the service gets the plan of each stream, and follows it. */
  boolean isPlanned() {
    return !isExternal() || verifyText();
  }

  /** Leaves the key out: a record's text may end up in a log. */
  @Override
  public String toString() {
    return "Service[" + (isExternal() ? "external" : "bundled") + "]";
  }
}
