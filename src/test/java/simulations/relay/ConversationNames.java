package simulations.relay;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import settings.SettingsReader;
import simulations.relay.RelaySettings.Mode;

/**
 * The names of conversations. Conversation {@code r} of place {@code p} has the number {@code r *
 * places + p}, from 0, in every process alike; its id is the prefix, a hyphen and the number, or
 * the one of that number in a list.
 *
 * @param prefix of ids
 * @param ids named one by one; empty if they follow from the prefix
 * @param places number of conversations at once
 */
public record ConversationNames(String prefix, List<String> ids, int places) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  /**
   * Reads the names; a run without a prefix gets one of its own, so that no two runs meet.
   *
   * @param now makes that prefix
   */
  static ConversationNames read(SettingsReader from, Mode mode, int places, Instant now) {
    List<String> ids = from.texts("conversation-ids");
    Optional<String> prefix = from.optionalText("conversation-prefix");
    ids.forEach(id -> check(from, "conversation-ids", id));
    prefix.ifPresent(text -> check(from, "conversation-prefix", text));
    if (mode == Mode.CONSUMER && prefix.isEmpty() && ids.isEmpty()) {
      from.error(
          "conversation-prefix",
          "a consumer needs the prefix of the producer, or names in -Dconversation-ids");
    }
    String own = "load-" + Long.toString(now.getEpochSecond(), Character.MAX_RADIX);
    return new ConversationNames(prefix.orElse(own), ids, places);
  }

  /**
   * Returns the id of a conversation; empty if the named ids are used up.
   *
   * @param place from 0
   * @param round from 0
   */
  Optional<String> id(int place, int round) {
    int number = round * places + place;
    if (ids.isEmpty()) {
      return Optional.of(prefix + "-" + number);
    }
    return number < ids.size() ? Optional.of(ids.get(number)) : Optional.empty();
  }

  @Override
  public String toString() {
    return ids.isEmpty() ? prefix + "-0 and so on" : ids.size() + " conversations";
  }

  private static void check(SettingsReader from, String path, String id) {
    if (!ID.matcher(id).matches()) {
      from.error(path, "'" + id + "' is not 1 to 100 letters, digits, - or _");
    }
  }
}
