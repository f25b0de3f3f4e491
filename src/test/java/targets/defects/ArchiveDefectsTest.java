package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import settings.BadSettings;

class ArchiveDefectsTest {
  @Test
  void a_trouble_that_needs_requests_is_refused_where_there_are_none() {
    BadSettings refusal =
        catchThrowableOfType(
            BadSettings.class, () -> ArchiveDefects.SPEC.start(Map.of("defect", "error=6%,no")));
    assertThat(refusal.errors())
        .hasSize(2)
        .anyMatch(error -> error.contains("need requests"))
        .anyMatch(error -> error.startsWith("--defect: 'no' is unknown"));
  }
}
