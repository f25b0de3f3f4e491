package simulations.live;

import static java.util.stream.Collectors.toMap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A receiver of metrics by OTLP over HTTP, which reads with the protocol's official classes. */
final class OtlpReceiver implements AutoCloseable {
  private final List<ExportMetricsServiceRequest> requests = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final HttpServer http;

  /** Answers every request with a status. */
  OtlpReceiver(int status) throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/v1/metrics", exchange -> receive(exchange, status));
    http.start();
  }

  private void receive(HttpExchange exchange, int status) throws IOException {
    requests.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
    keys.add(exchange.getRequestHeaders().getFirst("x-key"));
    exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /** Returns the header {@code x-key} of each request. */
  List<String> keys() {
    return keys;
  }

  List<ExportMetricsServiceRequest> requests() {
    return requests;
  }

  /** Returns the metrics of the last request by name. */
  Map<String, Metric> last() {
    // The library's own metrics are there too, in another scope.
    return requests.get(requests.size() - 1).getResourceMetrics(0).getScopeMetricsList().stream()
        .flatMap(scope -> scope.getMetricsList().stream())
        .collect(toMap(Metric::getName, metric -> metric));
  }

  static boolean is(NumberDataPoint point, String key, String value) {
    return point.getAttributesList().stream()
        .filter(each -> each.getKey().equals(key))
        .map(KeyValue::getValue)
        .anyMatch(each -> each.getStringValue().equals(value));
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
