package zaojing.peer;

import java.util.Arrays;

/** Writes a message's fields in the order they are given; proto3: what is zero or empty is left out. One thread. */
final class WireWriter {
  private byte[] bytes = new byte[1024];
  private int size;

  void clear() {
    size = 0;
  }

  void number(int field, long value) {
    if (value == 0) return;
    reserve(20);
    varint(field << 3);
    varint(value);
  }

  void flag(int field, boolean value) {
    number(field, value ? 1 : 0);
  }

  void text(int field, Text value) {
    slice(field, value.bytes(), value.at(), value.size());
  }

  void text(int field, byte[] value) {
    slice(field, value, 0, value.length);
  }

  private void slice(int field, byte[] from, int at, int length) {
    if (length == 0) return;
    reserve(20 + length);
    varint(field << 3 | 2);
    varint(length);
    System.arraycopy(from, at, bytes, size, length);
    size += length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  boolean equalTo(byte[] other) {
    return other != null && Arrays.equals(bytes, 0, size, other, 0, other.length);
  }

  private void varint(long value) {
    while ((value & ~0x7fL) != 0) {
      bytes[size++] = (byte) (value | 0x80);
      value >>>= 7;
    }
    bytes[size++] = (byte) value;
  }

  private void reserve(int more) {
    if (size + more > bytes.length) bytes = Arrays.copyOf(bytes, 2 * (size + more));
  }
}
