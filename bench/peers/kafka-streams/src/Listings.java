package zaojing.peer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The state of each listing: the store, and before it, when asked for, the states last used on the heap. Every write
 * goes to the store at once, so that what is committed never hangs on the map; the cache of Kafka Streams, the other
 * choice, finds its entries in a tree. One task, one thread.
 */
final class Listings {
  private static final int KEPT_MAX = 1 << 18;
  private final KeyValueStore<Bytes, byte[]> store;
  private final Map<Bytes, byte[]> recent;  // null: not asked for

  Listings(KeyValueStore<Bytes, byte[]> store, boolean onHeap) {
    this.store = store;
    recent = onHeap ? new Recent() : null;
  }

  byte[] get(Bytes listing) {
    if (recent == null) return store.get(listing);
    byte[] state = recent.get(listing);
    if (state != null) return state;
    state = store.get(listing);
    if (state != null) recent.put(listing, state);
    return state;
  }

  void put(Bytes listing, byte[] state) {
    store.put(listing, state);
    if (recent != null) recent.put(listing, state);
  }

  private static final class Recent extends LinkedHashMap<Bytes, byte[]> {
    private static final long serialVersionUID = 1;

    Recent() {
      super(1024, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Bytes, byte[]> eldest) {
      return size() > KEPT_MAX;
    }
  }
}
