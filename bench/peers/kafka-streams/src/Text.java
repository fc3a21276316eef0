package zaojing.peer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A part of a message's bytes, not copied; valid as long as they are. */
final class Text {
  private static final byte[] NOTHING = new byte[0];
  private byte[] bytes = NOTHING;
  private int at;
  private int size;

  static byte[] of(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  void set(byte[] in, int from, int length) {
    bytes = in;
    at = from;
    size = length;
  }

  void clear() {
    size = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int at() {
    return at;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  byte get(int index) {
    return bytes[at + index];
  }

  byte[] copy() {
    return Arrays.copyOfRange(bytes, at, at + size);
  }

  boolean equalTo(Text other) {
    return Arrays.equals(bytes, at, at + size, other.bytes, other.at, other.at + other.size);
  }

  boolean equalTo(byte[] other) {
    return Arrays.equals(bytes, at, at + size, other, 0, other.length);
  }

  void copyTo(byte[] target, int position) {
    System.arraycopy(bytes, at, target, position, size);
  }

  /** The number of a CCC certificate, 16 digits with a version in brackets or without; 0 when it has no such form. */
  long certificateNumber() {
    if (size < 16) return 0;
    long number = 0;
    for (int i = 0; i < 16; ++i) {
      final int digit = bytes[at + i] - '0';
      if (digit < 0 || digit > 9) return 0;
      number = number * 10 + digit;
    }
    if (size == 16) return number;
    final boolean bracketed = size > 18 && size <= 26 && get(16) == '(' && get(size - 1) == ')';
    return bracketed ? number : 0;
  }
}
