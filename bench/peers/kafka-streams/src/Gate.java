package zaojing.peer;

import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** The screen stage's look-ups (processors/screen/screen_stage.cc): judge, remember, answer. One task, one thread. */
final class Gate implements Processor<byte[], byte[], byte[], byte[]> {
  static final String LISTINGS = "listing", INDEX = "index", TALLIES = "tally";
  static final String VERDICTS = "verdicts", TAKEDOWNS = "takedowns";
  private static final int KEY_BYTES = 16;
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] LOOSE = Text.of("-000000000000000");
  private static final DecisionTable TABLE = new DecisionTable();

  private final Registry registry;
  private final boolean onHeap;  // listings used last
  private final Lookup lookup = new Lookup();
  private final ListingState before = new ListingState();
  private final Judgement answer = new Judgement();
  private final Text decisiveFact = new Text();
  private final WireWriter writer = new WireWriter();
  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<Bytes, byte[]> certificates;
  private Listings listings;
  private KeyValueStore<Bytes, byte[]> index;
  private Outputs outputs;
  private Tally tally;
  private long now;

  Gate(Registry registry, boolean onHeap) {
    this.registry = registry;
    this.onHeap = onHeap;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> processorContext) {
    context = processorContext;
    certificates = context.getStateStore(Registry.CERTIFICATES);
    listings = new Listings(context.getStateStore(LISTINGS), onHeap);
    index = context.getStateStore(INDEX);
    tally = new Tally(context.getStateStore(TALLIES));
    outputs = new Outputs(context.taskId().partition(), registry);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    lookup.parse(record.key(), record.value());
    now = Math.max(now, lookup.receivedAt);
    final Bytes key = Bytes.wrap(record.key());
    final byte[] stored = listings.get(key);
    if (stored != null) before.parse(stored);
    final long number = lookup.certificateNumber.certificateNumber();
    answer.judge(lookup, number == 0 ? null : registry.find(number, certificates), registry, now, TABLE);
    tally.count(lookup, answer.row.action, now, answer.invalid());
    settle(record, key, stored);
  }

  private void settle(Record<byte[], byte[]> record, Bytes key, byte[] stored) {
    final boolean known = stored != null;
    final boolean published = answer.row.action == DecisionTable.ALLOW && lookup.scene == DecisionTable.PUBLISH;
    final boolean onSale = lookup.scene != DecisionTable.PUBLISH || known && before.onSale || published;
    // The look-up is answered for its own scene; what stands for goods on sale is judged as on sale.
    final DecisionTable.Row standing =
        onSale ? TABLE.decide(answer.finding, DecisionTable.ON_SALE, answer.made, answer.scope) : answer.row;
    final boolean stale = answer.row.reason == DecisionTable.REASON_STALE;
    final boolean same =
        known && before.row.equalTo(standing.id) && before.certificateNumber.equalTo(lookup.certificateNumber);
    final Text fact = known && (same || stale) ? before.decisiveFact : answer.decisiveFact;
    decisiveFact.set(fact.bytes(), fact.at(), fact.size());
    final int inForceBefore = known ? before.inForce : 0;
    final int inForce = onSale && !stale ? standing.action : inForceBefore;
    if (stale || known && !same || answer.row.action == DecisionTable.BLOCK) {
      emit(record, outputs.verdict(lookup, answer, now), VERDICTS);
    }
    if (inForce != inForceBefore) instruct(record, standing, inForceBefore);
    write(key, stored, standing, onSale, inForce);
  }

  private void instruct(Record<byte[], byte[]> record, DecisionTable.Row standing, int inForceBefore) {
    final int instruction;
    if (standing.action == DecisionTable.BLOCK) {
      instruction = Outputs.TAKE_DOWN;
    } else if (standing.action == DecisionTable.REVIEW) {
      instruction = Outputs.REVIEW_REQUESTED;
    } else if (inForceBefore != 0) {
      instruction = Outputs.LIFT;
    } else {
      return;
    }
    emit(record, outputs.takedown(lookup, answer, standing, decisiveFact, instruction, now), TAKEDOWNS);
  }

  private void emit(Record<byte[], byte[]> record, byte[] value, String sink) {
    context.forward(new Record<>(record.key(), value, record.timestamp()), sink);
  }

  private void write(Bytes key, byte[] stored, DecisionTable.Row standing, boolean onSale, int inForce) {
    final boolean known = stored != null;
    final boolean keep = known && standing.reason == DecisionTable.REASON_STALE;
    final int action = keep ? before.action : standing.action;
    final int reason = keep ? before.reason : standing.reason;
    writer.clear();
    writer.text(1, lookup.certificateNumber);
    if (!onSale) writer.number(2, lookup.scene);
    writer.number(3, action);
    writer.number(4, reason);
    if (keep) {
      writer.text(5, before.row);
    } else {
      writer.text(5, standing.id);
    }
    writer.flag(6, onSale);
    writer.number(7, inForce);
    writer.text(8, decisiveFact);
    writer.number(9, lookup.madeAt);
    writer.flag(10, lookup.shipmentProven);
    writer.text(11, lookup.sellerUscc);
    writer.text(12, lookup.productCode);
    writer.text(13, lookup.model);
    // Most look-ups change nothing: what was read is what would be written, its index entry included.
    if (writer.equalTo(stored)) return;
    final byte[] certificate = certificateKey(lookup.certificateNumber);
    final byte[] code = codeKey(lookup.certificateNumber, lookup.productCode);
    final byte[] oldCertificate = known ? certificateKey(before.certificateNumber) : NOTHING;
    final byte[] oldCode = known ? codeKey(before.certificateNumber, before.productCode) : NOTHING;
    moveIndex(oldCertificate, certificate, key.get());
    moveIndex(oldCode, code, key.get());
    moveIndex(known ? looseKey(oldCertificate, oldCode) : NOTHING, looseKey(certificate, code), key.get());
    listings.put(key, writer.toBytes());
  }

  /** From one key of the index to another; either may be empty. */
  private void moveIndex(byte[] from, byte[] to, byte[] listing) {
    if (Arrays.equals(from, to)) return;
    if (from.length > 0) index.delete(entry(from, listing));
    if (to.length > 0) index.put(entry(to, listing), NOTHING);
  }

  private static Bytes entry(byte[] prefix, byte[] listing) {
    final byte[] entry = Arrays.copyOf(prefix, KEY_BYTES + listing.length);
    System.arraycopy(listing, 0, entry, KEY_BYTES, listing.length);
    return Bytes.wrap(entry);
  }

  private static byte[] certificateKey(Text number) {
    if (number.certificateNumber() == 0) return NOTHING;
    return Arrays.copyOfRange(number.bytes(), number.at(), number.at() + KEY_BYTES);
  }

  /** Where a listing waits for changes of what its product code requires; empty when the number shown has it. */
  private static byte[] codeKey(Text number, Text code) {
    if (code.isEmpty() || Certificate.isOwnCode(number.certificateNumber(), code)) return NOTHING;
    final byte[] key = new byte[KEY_BYTES];
    key[0] = '#';
    System.arraycopy(code.bytes(), code.at(), key, 1, Math.min(code.size(), KEY_BYTES - 1));
    return key;
  }

  /** Of a listing under no other key. */
  private static byte[] looseKey(byte[] certificate, byte[] code) {
    return certificate.length + code.length == 0 ? LOOSE : NOTHING;
  }
}
