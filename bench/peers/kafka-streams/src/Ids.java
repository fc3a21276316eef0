package zaojing.peer;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** proto/ids.h: the first 16 bytes of SHA-256 over length-prefixed fields, in hex. One thread. */
final class Ids {
  private static final byte[] HEX = Text.of("0123456789abcdef");
  private final MessageDigest sha256;
  private final byte[] length = new byte[4];

  Ids() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Ids add(byte[] field) {
    return add(field, 0, field.length);
  }

  Ids add(Text field) {
    return add(field.bytes(), field.at(), field.size());
  }

  private Ids add(byte[] field, int at, int size) {
    for (int i = 0; i < 4; ++i) length[i] = (byte) (size >>> (24 - 8 * i));
    sha256.update(length);
    sha256.update(field, at, size);
    return this;
  }

  /** The id of what was added; the next one begins. */
  byte[] finish() {
    final byte[] digest = sha256.digest();
    final byte[] id = new byte[32];
    for (int i = 0; i < 16; ++i) {
      id[2 * i] = HEX[(digest[i] >> 4) & 15];
      id[2 * i + 1] = HEX[digest[i] & 15];
    }
    return id;
  }
}
