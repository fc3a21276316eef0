package zaojing.peer;

/** What the gate asks of a stored proto/zaojing/v1/state.proto ListingState; texts are views. One thread; reused. */
final class ListingState {
  final Text certificateNumber = new Text();
  final Text row = new Text();
  final Text decisiveFact = new Text();
  final Text productCode = new Text();
  int action;
  int reason;
  int inForce;
  boolean onSale;
  private final WireReader reader = new WireReader();

  void parse(byte[] stored) {
    certificateNumber.clear();
    row.clear();
    decisiveFact.clear();
    productCode.clear();
    action = 0;
    reason = 0;
    inForce = 0;
    onSale = false;
    reader.reset(stored);
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> reader.text(certificateNumber);
        case 3 -> action = (int) reader.number();
        case 4 -> reason = (int) reader.number();
        case 5 -> reader.text(row);
        case 6 -> onSale = reader.number() != 0;
        case 7 -> inForce = (int) reader.number();
        case 8 -> reader.text(decisiveFact);
        case 12 -> reader.text(productCode);
        default -> { }
      }
    }
  }
}
