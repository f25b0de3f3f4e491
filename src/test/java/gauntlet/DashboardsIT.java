package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import targets.shared.Backends;
import targets.shared.Service;
import targets.shared.TargetSpec;
import testing.Await;
import testing.Prometheus;
import testing.SimulationRun;

/**
 * Prometheus and the dashboards show what the running targets and a generator export. The servers
 * of the targets are away.
 */
@Timeout(180)
class DashboardsIT {
  private static final Path DEPLOY = Path.of("deploy");

  /** Names in an expression that are no functions, when labels, ranges and groups are cut out. */
  private static final Pattern METRIC = Pattern.compile("\\b[a-z]+(?:_[a-z0-9]+)+\\b(?!\\()");

  private static final Pattern NO_METRIC =
      Pattern.compile("\\{[^}]*}|\\[[^]]*]|by \\([^)]*\\)|\"[^\"]*\"");

  private static final Pattern EXPORTED = Pattern.compile("(?m)^(\\w+)[ {]");

  private static final Map<String, Service> RUNNING = new LinkedHashMap<>();
  private static SimulationRun.Started run;
  private static URI live;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> values = new HashMap<>(Map.of("port", "0", "tokens", "20"));
    values.putAll(Map.of("duration", "100ms", "redis", "redis://127.0.0.1:1"));
    values.put("nats", "nats://127.0.0.1:1");
    values.put("postgres", "jdbc:postgresql://127.0.0.1:1/none?user=a&password=b");
    for (TargetSpec target : Targets.ALL) {
      RUNNING.put(target.name(), target.start(values));
      if (target.name().equals("llm")) {
        values.put("upstream", url("llm").toString());
      }
    }
    run =
        SimulationRun.smoke("SseBattle")
            .with("warmup=1s;hold=3m;live=0;monitor=1s")
            .with("proxy.url", url("proxy").toString())
            .with("llm.url", url("llm").toString())
            .start();
    live = URI.create(run.awaitLine("live page").strip().replaceFirst("live page +", ""));
  }

  @AfterAll
  static void stop() {
    run.process().destroyForcibly().onExit().join();
    RUNNING.values().forEach(Service::close);
    RUNNING.clear();
  }

  private static URI url(String target) {
    return URI.create("http://127.0.0.1:" + RUNNING.get(target).port());
  }

  @Test
  void every_metric_of_a_dashboard_is_exported() throws Exception {
    StringBuilder pages = new StringBuilder();
    pages.append( // Shares are of streams that ended.
        Await.until(
            () -> Backends.text(live.resolve("/metrics")),
            page -> page.contains("gauntlet_goodput_ratio{")));
    RUNNING.keySet().stream()
        .map(name -> Backends.text(url(name).resolve("/metrics/prometheus")))
        .forEach(pages::append);
    List<String> metrics =
        expressions()
            .map(each -> NO_METRIC.matcher(each).replaceAll(""))
            .flatMap(each -> METRIC.matcher(each).results())
            .map(MatchResult::group)
            .distinct()
            .toList();
    assertThat(metrics).hasSizeGreaterThan(80);
    assertThat(EXPORTED.matcher(pages).results().map(each -> each.group(1)).distinct())
        .containsAll(metrics);
  }

  @Test
  void prometheus_scrapes_every_target_and_the_generator_and_every_panel_has_data(
      @TempDir Path folder) throws Exception {
    try (Prometheus prometheus = Prometheus.start(folder, config())) {
      Await.until(() -> prometheus.query("up == 1").size() == RUNNING.size() + 1);
      assertThat(Backends.text(url("proxy").resolve("/sse?client_id=1"))).contains("[DONE]");
      List<String> expressions = expressions().toList();
      for (String expression : expressions) {
        Await.until(() -> !prometheus.query(expression).isEmpty()); // A rate takes two scrapes.
      }
      for (String metric : List.of("llm_events_sent_total", "proxy_proxied_messages_total")) {
        assertThat(expressions).anyMatch(each -> each.contains(metric));
        Await.until(() -> prometheus.query(metric).stream().allMatch(value -> value >= 20));
      }
    }
  }

  /**
   * Returns the configuration of the stack, with each target and the load where this test has it.
   */
  private static JsonNode config() throws IOException {
    ObjectNode config =
        (ObjectNode)
            Kustomization.yaml(
                    Files.readString(DEPLOY.resolve("prometheus").resolve("prometheus.yml")))
                .get(0);
    ((ObjectNode) config.get("global")).put("scrape_interval", "1s").put("scrape_timeout", "1s");
    JsonNode targets = config.at("/scrape_configs/0");
    ObjectNode load = (ObjectNode) config.at("/scrape_configs/1");
    load.remove("dns_sd_configs");
    load.putArray("static_configs").addObject().putArray("targets").add(live.getAuthority());
    config.putArray("scrape_configs").add(targets).add(load);
    for (JsonNode address : targets.at("/static_configs/0/targets")) {
      String name = address.asText().replaceFirst(":.*", "");
      ObjectNode here = ((ArrayNode) targets.get("relabel_configs")).addObject();
      here.putArray("source_labels").add("__address__");
      here.put("regex", address.asText()).put("target_label", "__address__");
      here.put("replacement", "127.0.0.1:" + RUNNING.get(name).port());
    }
    return config;
  }

  /** Returns the expressions of all panels, as Grafana sends them. */
  private static Stream<String> expressions() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Stream.Builder<String> expressions = Stream.builder();
    try (Stream<Path> files = Files.list(DEPLOY.resolve("grafana").resolve("dashboards"))) {
      for (Path file : files.sorted().toList()) {
        for (JsonNode panel : mapper.readTree(file.toFile()).get("panels")) {
          panel.get("targets").forEach(query -> expressions.add(query.get("expr").asText()));
        }
      }
    }
    return expressions.build().map(each -> each.replace("$__rate_interval", "10s"));
  }
}
