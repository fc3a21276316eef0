package zaojing.peer;

import java.util.Arrays;

/** Verdicts and take-downs as the worker writes them, but for the emission number, which is its own. One thread. */
final class Outputs {
  static final int TAKE_DOWN = 1, REVIEW_REQUESTED = 2, LIFT = 3;
  private static final byte[] RULES = Text.of("national@6");
  private static final byte[] VERDICT = Text.of("verdict");
  private static final byte[] TAKEDOWN = Text.of("takedown");
  private static final byte[][] INSTRUCTIONS = {Text.of(""), Text.of("INSTRUCTION_TAKE_DOWN"),
      Text.of("INSTRUCTION_REVIEW_REQUESTED"), Text.of("INSTRUCTION_LIFT")};
  private static final int MEASURE_BLOCK = 2, MEASURE_CHECK = 5, MEASURE_RESTORE = 6;
  private static final int[] MEASURES = {0, MEASURE_BLOCK, MEASURE_CHECK, MEASURE_RESTORE};  // by instruction
  private static final byte[][] APPEALS = {Text.of(""),  // by route
      Text.of("可以向平台提交更正的证书、商品信息和证明材料，请求重新核验（电子商务法第五十九条）"),
      Text.of("认证委托人可以向认证机构申诉，对处理结果仍有异议的可以向国家认监委（市场监管总局）申诉（强制性产品认证管理规定）")};
  private static final byte[] REPORT_BASIS = Text.of("电子商务法第二十九条");
  private final WireWriter writer = new WireWriter();
  private final Ids ids = new Ids();
  private final byte[] source;
  private final Registry registry;

  Outputs(int partition, Registry registry) {
    source = Text.of("screen/" + partition);
    this.registry = registry;
  }

  byte[] verdict(Lookup lookup, Judgement answer, long now) {
    final DecisionTable.Row row = answer.row;
    writer.clear();
    writer.text(1, ids.add(VERDICT).add(source).add(lookup.eventId).finish());
    envelope(lookup, now);
    writer.text(7, lookup.eventId);
    writer.text(8, lookup.platform);
    writer.text(9, lookup.listingId);
    writer.text(10, lookup.certificateNumber);
    if (answer.certificate != null) writer.text(11, answer.certificate.version);
    writer.number(12, lookup.scene);
    writer.number(13, row.action);
    writer.number(14, row.reason);
    writer.text(15, row.id);
    writer.text(16, row.legalBasis);
    writer.number(17, row.modality);
    writer.text(18, answer.decisiveFact);
    writer.number(19, registry.facts());
    final long asOf = registry.asOf();
    writer.number(20, asOf);
    writer.text(21, RULES);
    writer.text(22, missing(lookup, answer, row));
    if (asOf != 0) writer.number(25, now - asOf);
    writer.text(26, lookup.productCode);
    return writer.toBytes();
  }

  /** A packed list of what would help and was not given. */
  private byte[] missing(Lookup lookup, Judgement answer, DecisionTable.Row row) {
    int count = 0;
    final byte[] codes = new byte[row.missing.length];
    for (final int code : row.missing) {
      final boolean given = code == 1 && lookup.madeAt != 0 || code == 2 && lookup.shipmentProven
          || code == 4 && !lacksCode(lookup, answer) || code == 5 && answer.scope != DecisionTable.MODEL_MISMATCH;
      if (!given) codes[count++] = (byte) code;
    }
    return count == codes.length ? codes : Arrays.copyOf(codes, count);
  }

  /** A number of the CCC form has a product code in it; what is claimed counts where it contradicts. */
  private static boolean lacksCode(Lookup lookup, Judgement answer) {
    if (lookup.productCode.isEmpty()) return lookup.certificateNumber.certificateNumber() == 0;
    return answer.scope == DecisionTable.CODE_MISMATCH;
  }

  byte[] takedown(Lookup lookup, Judgement answer, DecisionTable.Row standing, Text decisiveFact, int instruction,
      long now) {
    writer.clear();
    writer.text(1, ids.add(TAKEDOWN).add(lookup.platform).add(lookup.listingId).add(decisiveFact)
        .add(INSTRUCTIONS[instruction]).finish());
    envelope(lookup, now);
    writer.number(7, instruction);
    writer.text(8, lookup.platform);
    writer.text(9, lookup.listingId);
    writer.text(10, lookup.sellerUscc);
    writer.text(11, lookup.certificateNumber);
    writer.number(12, standing.reason);
    writer.text(13, standing.id);
    writer.text(14, standing.legalBasis);
    writer.number(15, standing.modality);
    writer.text(16, decisiveFact);
    writer.text(19, lookup.productCode);
    writer.text(20, lookup.model);
    writer.number(23, now);
    writer.text(24, decisiveFact);
    writer.number(25, MEASURES[instruction]);
    if (answer.certificate != null) {
      final boolean expired = answer.finding == DecisionTable.EXPIRED;
      writer.number(26, expired ? Certificate.EXPIRED : answer.certificate.status);
      writer.number(27, registry.asOf());
    }
    if (instruction != LIFT) {
      writer.number(29, standing.route);
      writer.text(30, APPEALS[standing.route]);
    }
    if (instruction == TAKE_DOWN) {
      writer.number(31, DecisionTable.SHALL);
      writer.number(32, now);
      writer.text(33, REPORT_BASIS);
    }
    return writer.toBytes();
  }

  private void envelope(Lookup lookup, long now) {
    writer.text(2, source);
    writer.number(3, 1);
    writer.number(4, lookup.occurredAt);
    writer.number(5, now);
  }
}
