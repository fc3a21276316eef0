package zaojing.peer;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Counters of look-ups, as processors/screen/tally.h has them: platform, category, answer and hour; region, answer and
 * hour; certificates that are not valid. The store's cache makes one write of them a commit.
 */
final class Tally {
  private static final long HOUR_MICROS = 3_600_000_000L;
  private final KeyValueStore<Bytes, byte[]> store;

  Tally(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /** `invalid`: the registry knows the certificate, and it is suspended, revoked, cancelled or expired. */
  void count(Lookup lookup, int action, long now, boolean invalid) {
    final int hour = (int) Math.floorDiv(now, HOUR_MICROS);
    final boolean numbered = lookup.certificateNumber.certificateNumber() != 0;
    final ByteBuffer platform = ByteBuffer.allocate(8 + lookup.platform.size());
    platform.put((byte) 'P').putInt(hour).put((byte) ('0' + action));
    if (numbered) {
      platform.put(lookup.certificateNumber.get(6)).put(lookup.certificateNumber.get(7));
    } else if (lookup.productCode.size() >= 2) {
      platform.put(lookup.productCode.get(0)).put(lookup.productCode.get(1));
    } else {
      platform.put((byte) '-').put((byte) '-');
    }
    lookup.platform.copyTo(platform.array(), 8);
    increment(platform.array());

    final int digits = lookup.region.size() == 6 ? 6 : 0;
    final ByteBuffer region = ByteBuffer.allocate(6 + digits);
    region.put((byte) 'G').putInt(hour).put((byte) ('0' + action));
    if (digits > 0) lookup.region.copyTo(region.array(), 6);
    increment(region.array());

    if (!invalid) return;
    final byte[] certificate = new byte[17];
    certificate[0] = 'U';
    System.arraycopy(lookup.certificateNumber.bytes(), lookup.certificateNumber.at(), certificate, 1, 16);
    increment(certificate);
  }

  private void increment(byte[] key) {
    final Bytes counter = Bytes.wrap(key);
    final byte[] before = store.get(counter);
    final long count = before == null ? 0 : ByteBuffer.wrap(before).getLong();
    store.put(counter, ByteBuffer.allocate(8).putLong(count + 1).array());
  }
}
