package verdict;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One figure of a run beside its baseline.
 *
 * @param name of the figure, such as {@code ttft.p99}
 * @param unit of all amounts
 * @param direction which way is better
 * @param baseline the centre of the baseline's runs
 * @param low the least of them
 * @param high the largest of them
 * @param figure this run's; null if it was not measured or stands on too few samples
 * @param changePct from the baseline to this run; null if there is no figure or the baseline is not
 *     above 0
 * @param noisePct how much change the baseline's own spread can explain; null if the baseline is
 *     not above 0
 * @param outcome of the rule that looks at it; null if none does
 */
public record Change(
    String name,
    String unit,
    String direction,
    double baseline,
    double low,
    double high,
    Double figure,
    @JsonProperty("change_pct") Double changePct,
    @JsonProperty("noise_pct") Double noisePct,
    Check.Outcome outcome) {}
