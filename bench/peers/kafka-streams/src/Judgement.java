package zaojing.peer;

/** An answer with what it rests on. One thread; reused. */
final class Judgement {
  private static final long STALE_AFTER_MICROS = 86_400_000_000L;
  final Text decisiveFact = new Text();
  int finding;
  int scope;
  int made;
  Certificate certificate;  // null: none decides
  DecisionTable.Row row;
  private long since;

  /** `certificate`: that of the number shown; null when the registry has none. */
  void judge(Lookup lookup, Certificate found, Registry registry, long now, DecisionTable table) {
    finding = 0;
    scope = DecisionTable.MATCH;
    since = 0;
    certificate = null;
    decisiveFact.set(lookup.eventId.bytes(), lookup.eventId.at(), lookup.eventId.size());
    final boolean stale = registry.facts() == 0 || registry.asOf() != 0 && now - registry.asOf() > STALE_AFTER_MICROS;
    if (lookup.certificateNumber.isEmpty()) {
      finding = DecisionTable.NOT_SHOWN;
    } else if (lookup.certificateNumber.certificateNumber() == 0) {
      finding = DecisionTable.BAD_FORMAT;
    } else if (stale) {
      finding = DecisionTable.STALE;
    } else if (found == null) {
      finding = DecisionTable.NOT_FOUND;
    } else {
      view(lookup, found, now);
    }
    made = DecisionTable.made(lookup.madeAt, since, lookup.shipmentProven);
    row = table.decide(finding, lookup.scene, made, scope);
  }

  boolean invalid() {
    return finding >= DecisionTable.SUSPENDED && finding <= DecisionTable.EXPIRED;
  }

  private void view(Lookup lookup, Certificate found, long now) {
    certificate = found;
    decisiveFact.set(found.eventId, 0, found.eventId.length);
    since = found.effectiveAt;
    if (found.effectiveAt > now) {
      finding = DecisionTable.NOT_YET_VALID;
    } else if (found.status != Certificate.VALID) {
      finding = found.status + DecisionTable.SUSPENDED - 2;
    } else if (found.validUntil > 0 && now >= found.validUntil) {
      finding = DecisionTable.EXPIRED;
      since = found.validUntil;
    } else if (now < found.validFrom) {
      finding = DecisionTable.NOT_YET_VALID;
      since = found.validFrom;
    } else {
      finding = DecisionTable.VALID_FINDING;
    }
    if (found.contradictsCode(lookup.productCode)) {
      scope = DecisionTable.CODE_MISMATCH;
    } else if (found.models.contradict(lookup.model)) {
      scope = DecisionTable.MODEL_MISMATCH;
    }
  }
}
