package simulations.relay;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import settings.SettingsReader;
import simulations.relay.RelaySettings.Mode;

/**
 * What conversations are called. Conversation {@code r} of place {@code p} has the number {@code r
 * * places + p}, counted from 0, in every process alike; its id is the prefix, a hyphen and the
 * number, or the one of that number in a list.
 *
 * @param prefix of ids; empty if one is made for the run
 * @param ids named one by one; empty if they follow from the prefix
 * @param places how many conversations there are at once
 */
public record ConversationNames(Optional<String> prefix, List<String> ids, int places) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  static ConversationNames read(SettingsReader from, Mode mode, int places) {
    List<String> ids = from.texts("conversation-ids");
    Optional<String> prefix = from.optionalText("conversation-prefix");
    for (String id : ids) {
      if (!ID.matcher(id).matches()) {
        from.error("conversation-ids", "'" + id + "' is not 1 to 100 letters, digits, - or _");
      }
    }
    if (prefix.filter(text -> !ID.matcher(text).matches()).isPresent()) {
      from.error(
          "conversation-prefix", "'" + prefix.get() + "' is not 1 to 100 letters, digits, - or _");
    }
    if (mode == Mode.CONSUMER && prefix.isEmpty() && ids.isEmpty()) {
      from.error(
          "conversation-prefix",
          "a consumer needs the prefix of the producer, or names in -Dconversation-ids");
    }
    return new ConversationNames(prefix, ids, places);
  }

  /** With a prefix of its own for a run that was given none, so that no two runs meet. */
  ConversationNames orPrefix(String own) {
    return new ConversationNames(Optional.of(prefix.orElse(own)), ids, places);
  }

  /**
   * The id of a conversation.
   *
   * @param place from 0
   * @param round from 0
   * @return empty if the ids that were named are used up
   */
  Optional<String> id(int place, int round) {
    int number = round * places + place;
    if (ids.isEmpty()) {
      return Optional.of(prefix.orElseThrow() + "-" + number);
    }
    return number < ids.size() ? Optional.of(ids.get(number)) : Optional.empty();
  }

  @Override
  public String toString() {
    return ids.isEmpty() ? prefix.orElse("") + "-0 and so on" : ids.size() + " conversations";
  }
}
