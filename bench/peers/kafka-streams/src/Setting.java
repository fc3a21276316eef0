package zaojing.peer;

import java.util.HashMap;
import java.util.Map;

/**
 * One point of the grid: "commit_ms=100,cache_mib=256,registry=heap,rocksdb=tuned". What is not named keeps the value
 * that stands first in README.md's table; heap and collector are flags of the JVM, set by `run`.
 */
final class Setting {
  private final Map<String, String> values = new HashMap<>(Map.of("commit_ms", "100", "cache_mib", "64", "registry",
      "heap", "listings", "heap", "rocksdb", "tuned", "threads", "2", "poll_records", "10000", "linger_ms", "20"));

  Setting(String text) {
    for (final String pair : text.split(",")) {
      final String[] parts = pair.split("=", 2);
      if (parts[0].isEmpty() || parts[0].equals("heap_mib") || parts[0].equals("gc")) continue;
      if (parts.length != 2 || values.put(parts[0], parts[1]) == null) {
        throw new IllegalArgumentException("no such setting: " + pair);
      }
    }
  }

  String text(String name) {
    return values.get(name);
  }

  long number(String name) {
    return Long.parseLong(values.get(name));
  }

  boolean is(String name, String value) {
    return values.get(name).equals(value);
  }
}
