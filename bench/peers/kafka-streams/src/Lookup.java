package zaojing.peer;

/** proto/zaojing/v1/lookup.proto as read: texts are views into the record. One thread; reused. */
final class Lookup {
  final Text eventId = new Text();
  final Text platform = new Text();
  final Text listingId = new Text();
  final Text sellerUscc = new Text();
  final Text certificateNumber = new Text();
  final Text productCode = new Text();
  final Text model = new Text();
  final Text region = new Text();
  long occurredAt;
  long receivedAt;
  long madeAt;
  int scene;
  boolean shipmentProven;
  private final WireReader reader = new WireReader();

  /** An error for what the benchmark never holds: records without an envelope, or whose key is not their own. */
  void parse(byte[] key, byte[] value) {
    clear();
    reader.reset(value);
    while (reader.next()) take(reader.field());
    if (eventId.isEmpty() || receivedAt == 0 || scene < 1 || scene > 3 || !isKey(key)) {
      throw new IllegalArgumentException("not a look-up of a listing");
    }
  }

  private void clear() {
    eventId.clear();
    platform.clear();
    listingId.clear();
    sellerUscc.clear();
    certificateNumber.clear();
    productCode.clear();
    model.clear();
    region.clear();
    occurredAt = 0;
    receivedAt = 0;
    madeAt = 0;
    scene = 0;
    shipmentProven = false;
  }

  private void take(int field) {
    switch (field) {
      case 1 -> reader.text(eventId);
      case 4 -> occurredAt = reader.number();
      case 5 -> receivedAt = reader.number();
      case 6 -> reader.text(platform);
      case 7 -> reader.text(listingId);
      case 8 -> reader.text(sellerUscc);
      case 9 -> reader.text(certificateNumber);
      case 10 -> scene = (int) reader.number();
      case 11 -> reader.text(productCode);
      case 12 -> reader.text(model);
      case 13 -> madeAt = reader.number();
      case 14 -> shipmentProven = reader.number() != 0;
      case 15 -> reader.text(region);
      default -> { }
    }
  }

  private boolean isKey(byte[] key) {
    final int slash = platform.size();
    if (key.length != slash + 1 + listingId.size() || key[slash] != '/') return false;
    for (int i = 0; i < slash; ++i) {
      if (key[i] != platform.get(i)) return false;
    }
    for (int i = slash + 1; i < key.length; ++i) {
      if (key[i] != listingId.get(i - slash - 1)) return false;
    }
    return true;
  }
}
