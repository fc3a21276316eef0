package zaojing.peer;

/** A walk over the fields of a serialised message, without objects: faster than generated code. One thread. */
final class WireReader {
  private byte[] bytes;
  private int next;
  private int field;
  private long number;
  private int at;
  private int size;

  void reset(byte[] message) {
    bytes = message;
    next = 0;
  }

  /** Steps to the next field; false at the end. Groups and broken bytes are an error. */
  boolean next() {
    if (next >= bytes.length) return false;
    final int tag = (int) varint();
    field = tag >>> 3;
    switch (tag & 7) {
      case 0:
        number = varint();
        return true;
      case 1:
        next += 8;
        break;
      case 2:
        size = (int) varint();
        at = next;
        next += size;
        break;
      case 5:
        next += 4;
        break;
      default:
        throw new IllegalArgumentException("not plain protobuf");
    }
    if (next > bytes.length || next < 0) throw new IllegalArgumentException("cut short");
    return true;
  }

  int field() {
    return field;
  }

  long number() {
    return number;
  }

  void text(Text into) {
    into.set(bytes, at, size);
  }

  private long varint() {
    byte b = bytes[next++];
    if (b >= 0) return b;
    long result = b & 0x7f;
    for (int shift = 7; shift < 64; shift += 7) {
      b = bytes[next++];
      result |= (long) (b & 0x7f) << shift;
      if (b >= 0) return result;
    }
    throw new IllegalArgumentException("a number of more than 64 bits");
  }
}
