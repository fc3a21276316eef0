package zaojing.peer;

/** What the gate asks of proto/zaojing/v1/certificate.proto: the newest fact about a certificate. Immutable. */
final class Certificate {
  static final int VALID = 1, EXPIRED = 5;
  final byte[] eventId;
  final byte[] version;
  final byte[] productCode;
  final Models models = new Models();
  final long number;
  final long effectiveAt;
  final long validFrom;
  final long validUntil;
  final int status;

  private Certificate(Fields fields) {
    eventId = fields.eventId;
    version = fields.version;
    productCode = fields.productCode;
    number = fields.number;
    effectiveAt = fields.effectiveAt;
    validFrom = fields.validFrom;
    validUntil = fields.validUntil;
    status = fields.status;
  }

  private static final class Fields {
    byte[] eventId = new byte[0];
    byte[] version = new byte[0];
    byte[] productCode = new byte[0];
    long number;
    long effectiveAt;
    long validFrom;
    long validUntil;
    int status;
  }

  static Certificate parse(byte[] value) {
    final WireReader reader = new WireReader();
    final Text text = new Text();
    final Fields fields = new Fields();
    reader.reset(value);
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> fields.eventId = copyOf(reader, text);
        case 6 -> {
          reader.text(text);
          fields.number = text.certificateNumber();
        }
        case 7 -> fields.version = copyOf(reader, text);
        case 8 -> fields.status = (int) reader.number();
        case 9 -> fields.effectiveAt = reader.number();
        case 11 -> fields.validFrom = reader.number();
        case 12 -> fields.validUntil = reader.number();
        case 16 -> fields.productCode = copyOf(reader, text);
        default -> { }
      }
    }
    final Certificate certificate = new Certificate(fields);
    reader.reset(value);
    while (reader.next()) {
      if (reader.field() != 17) continue;
      reader.text(text);
      certificate.models.add(text);
    }
    return certificate;
  }

  private static byte[] copyOf(WireReader reader, Text text) {
    reader.text(text);
    return text.copy();
  }

  /** Neither the number's own code nor one that is stated: goods of another kind. */
  boolean contradictsCode(Text code) {
    return code.size() == 4 && !code.equalTo(productCode) && !isOwnCode(number, code);
  }

  /** Whether a code is that in a certificate's number, digits 7 to 10. */
  static boolean isOwnCode(long number, Text code) {
    if (number == 0 || code.size() != 4) return false;
    long own = number / 1_000_000 % 10_000;
    for (int i = 3; i >= 0; --i, own /= 10) {
      if (code.get(i) - '0' != own % 10) return false;
    }
    return true;
  }
}
