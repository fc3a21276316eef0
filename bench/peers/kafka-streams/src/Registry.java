package zaojing.peer;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The certificates, for every stream thread: written by the global thread, which has read the whole topic before a
 * look-up is judged. Two ways to keep them: decoded on the heap, rebuilt at every start as an in-memory global store
 * is, or as bytes in a global store of Kafka Streams.
 */
final class Registry {
  static final String CERTIFICATES = "certificates";
  static final String CONTROL = "control";
  private final boolean decoded;
  private final ConcurrentHashMap<Long, Certificate> byNumber = new ConcurrentHashMap<>(1 << 20);
  private final AtomicLong facts = new AtomicLong();
  private volatile long asOf;

  Registry(boolean decoded) {
    this.decoded = decoded;
  }

  /** `store`: the global one, read when certificates are not kept decoded. Null: not known. */
  Certificate find(long number, KeyValueStore<Bytes, byte[]> store) {
    if (decoded) return byNumber.get(number);
    final byte[] key = Text.of(Long.toString(number));
    final byte[] value = key.length == 16 ? store.get(Bytes.wrap(key)) : null;
    return value == null ? null : Certificate.parse(value);
  }

  /** Facts read since the start. */
  long facts() {
    return facts.get();
  }

  /** The newest heartbeat; 0: none. */
  long asOf() {
    return asOf;
  }

  /** Of the global store of certificates; also called for what is restored. */
  final class Certificates implements Processor<byte[], byte[], Void, Void> {
    private KeyValueStore<Bytes, byte[]> store;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      store = context.getStateStore(CERTIFICATES);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      if (decoded) {
        final Certificate certificate = Certificate.parse(record.value());
        byNumber.put(certificate.number, certificate);
      } else {
        store.put(Bytes.wrap(record.key()), record.value());
      }
      facts.incrementAndGet();
    }
  }

  /** Of the global store of control: heartbeats alone are of use here. */
  final class Control implements Processor<byte[], byte[], Void, Void> {
    @Override
    public void process(Record<byte[], byte[]> record) {
      final WireReader reader = new WireReader();
      final Text heartbeat = new Text();
      reader.reset(record.value());
      while (reader.next()) {
        if (reader.field() == 6) reader.text(heartbeat);
      }
      reader.reset(heartbeat.copy());
      while (reader.next()) {
        if (reader.field() == 1) asOf = Math.max(asOf, reader.number());
      }
    }
  }
}
