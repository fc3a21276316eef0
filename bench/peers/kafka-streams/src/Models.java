package zaojing.peer;

import java.util.Arrays;

/**
 * The models of a certificate as hashes of their runs of letters and digits: "A-100" is "a 100" and is not "A10-0".
 * Lists, ranges and brackets, which the worker reads, leave the set open here: nothing then contradicts it.
 */
final class Models {
  private long[] hashes = new long[0];
  private boolean open;

  void add(Text model) {
    final long hash = hashOf(model);
    if (hash == 0) {
      open = true;
      return;
    }
    hashes = Arrays.copyOf(hashes, hashes.length + 1);
    hashes[hashes.length - 1] = hash;
  }

  boolean contradict(Text claimed) {
    if (open || hashes.length == 0 || claimed.isEmpty()) return false;
    final long hash = hashOf(claimed);
    if (hash == 0) return false;
    for (final long one : hashes) {
      if (one == hash) return false;
    }
    return true;
  }

  /** 0: holds signs of lists, ranges or brackets, or is not ASCII. */
  private static long hashOf(Text model) {
    long hash = 0xcbf29ce484222325L;
    int before = 0;
    for (int i = 0; i < model.size(); ++i) {
      int c = model.get(i);
      if (c >= 'a' && c <= 'z') c -= 'a' - 'A';
      final int kind = c >= '0' && c <= '9' ? 1 : c >= 'A' && c <= 'Z' ? 2 : 3;
      if (kind == 3 && c != ' ' && c != '-' && c != '_' && c != '.') return 0;
      if (kind != before) hash = (hash ^ 0x1f) * 0x100000001b3L;
      if (kind != 3) hash = (hash ^ c) * 0x100000001b3L;
      before = kind;
    }
    return hash;
  }
}
