package zaojing.peer;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows of deploy/rules/default.textproto that a listing's look-up can meet when no credential is required by the
 * catalogue (the benchmark's has none): compiled, as the worker's are, into one row a case. Codes are those of
 * codes.proto and rules.proto. Immutable.
 */
final class DecisionTable {
  static final int BAD_FORMAT = 1, NOT_FOUND = 2, NOT_YET_VALID = 3, VALID_FINDING = 4, SUSPENDED = 5, REVOKED = 6,
      CANCELLED = 7, EXPIRED = 8, STALE = 9, NOT_SHOWN = 10;
  static final int PUBLISH = 1, ON_SALE = 2, CHECKOUT = 3;
  static final int ALLOW = 1, REVIEW = 2, BLOCK = 3;
  static final int MATCH = 1, CODE_MISMATCH = 2, MODEL_MISMATCH = 4;
  static final int REASON_OK = 1, REASON_STALE = 9;
  private static final int FINDINGS = 11, SCENES = 4, MADE = 4, SCOPES = 5;
  private static final int UNKNOWN = 0, BEFORE = 1, BEFORE_PROVEN = 2, ON_OR_AFTER = 3;
  static final int SHALL = 1;
  private static final int MAY = 3;
  static final int NO_ROUTE = 0, PLATFORM = 1, CERTIFICATION_BODY = 2;

  /** One answer. `route`: where a seller appeals; `missing`: codes of Missing. */
  static final class Row {
    final byte[] id;
    final byte[] legalBasis;
    final int action;
    final int reason;
    final int modality;
    final int route;
    final int[] missing;

    Row(String id, String legalBasis, int action, int reason, int modality, int route, int... missing) {
      this.id = Text.of(id);
      this.legalBasis = Text.of(legalBasis);
      this.action = action;
      this.reason = reason;
      this.modality = modality;
      this.route = route;
      this.missing = missing;
    }
  }

  /** When a row applies; an empty list is any. */
  private record Condition(int finding, List<Integer> scenes, List<Integer> made, List<Integer> scopes, Row row) {
    boolean fits(int f, int scene, int m, int scope) {
      return f == finding && (scenes.isEmpty() || scenes.contains(scene)) && (made.isEmpty() || made.contains(m))
          && (scopes.isEmpty() || scopes.contains(scope));
    }
  }

  private static final String ART_27 = "认证认可条例第二十七条";
  private static final String ART_27_28 = "认证认可条例第二十七条、第二十八条";
  private static final String ART_26_27_NOTICE = "认证认可条例第二十六条、第二十七条；国家认监委2008年第19号公告";
  private static final String ART_27_NOTICE = "认证认可条例第二十七条；国家认监委2008年第19号公告";
  private static final List<Integer> ANY = List.of(), BEFORE_SALE = List.of(PUBLISH),
      SOLD = List.of(ON_SALE, CHECKOUT);
  private final List<Condition> conditions = new ArrayList<>();
  private final Row[] byCase = new Row[FINDINGS * SCENES * MADE * SCOPES];

  DecisionTable() {
    addUnknown();
    addValid();
    addRevokedAndSuspended();
    addPast(CANCELLED, 5, CERTIFICATION_BODY, "cancelled", ART_27_NOTICE, "国家认监委2008年第19号公告：注销前已出厂的产品可以继续销售",
        "国家认监委2008年第19号公告");
    addPast(EXPIRED, 6, PLATFORM, "expired", ART_27, "认证认可条例第二十七条：有效期内已出厂的产品", ART_27);
    for (int finding = 1; finding < FINDINGS; ++finding) {
      for (int scene = 1; scene < SCENES; ++scene) {
        for (int made = 0; made < MADE; ++made) {
          for (int scope = 1; scope < SCOPES; ++scope) {
            byCase[index(finding, scene, made, scope)] = first(finding, scene, made, scope);
          }
        }
      }
    }
  }

  Row decide(int finding, int scene, int made, int scope) {
    return byCase[index(finding, scene, made, scope)];
  }

  static int made(long madeAt, long since, boolean proven) {
    if (madeAt == 0) return UNKNOWN;
    if (day(madeAt) >= day(since)) return ON_OR_AFTER;
    return proven ? BEFORE_PROVEN : BEFORE;
  }

  /** Of China, UTC+8. */
  private static long day(long micros) {
    return Math.floorDiv(micros + 8 * 3_600_000_000L, 86_400_000_000L);
  }

  private static int index(int finding, int scene, int made, int scope) {
    return ((finding * SCENES + scene) * MADE + made) * SCOPES + scope;
  }

  private Row first(int finding, int scene, int made, int scope) {
    for (final Condition condition : conditions) {
      if (condition.fits(finding, scene, made, scope)) return condition.row();
    }
    throw new IllegalStateException("a case without a row");
  }

  private void add(int finding, List<Integer> scenes, List<Integer> made, List<Integer> scopes, Row row) {
    conditions.add(new Condition(finding, scenes, made, scopes, row));
  }

  private void addUnknown() {
    add(STALE, ANY, ANY, ANY, new Row("stale", "证书库过旧或为空时不得据此拦截：转人工复核", REVIEW, REASON_STALE, MAY, NO_ROUTE, 7));
    add(NOT_SHOWN, ANY, ANY, ANY, new Row("nothing-known", ART_27, REVIEW, 10, MAY, PLATFORM, 3, 4));
    final String form = "认证认可条例第二十七条；电子商务法第二十九条";
    add(BAD_FORMAT, BEFORE_SALE, ANY, ANY, new Row("format-before-sale", form, BLOCK, 7, SHALL, PLATFORM, 3));
    add(BAD_FORMAT, ANY, ANY, ANY, new Row("format", form, REVIEW, 7, MAY, PLATFORM, 3));
    add(NOT_FOUND, ANY, ANY, ANY, new Row("not-found", form + "、第三十八条", BLOCK, 2, SHALL, PLATFORM));
    add(NOT_YET_VALID, ANY, ANY, ANY, new Row("not-yet-valid", ART_27, BLOCK, 8, SHALL, PLATFORM));
  }

  private void addValid() {
    final List<Integer> code = List.of(CODE_MISMATCH), model = List.of(MODEL_MISMATCH);
    add(VALID_FINDING, BEFORE_SALE, ANY, code,
        new Row("code-mismatch-before-sale", "认证认可条例第二十七条；电子商务法第二十九条", BLOCK, 13, SHALL, PLATFORM, 4));
    add(VALID_FINDING, ANY, ANY, code, new Row("code-mismatch", ART_27, REVIEW, 13, MAY, PLATFORM, 4));
    add(VALID_FINDING, ANY, ANY, model, new Row("model-mismatch", ART_27_28, REVIEW, 14, MAY, PLATFORM, 5));
    add(VALID_FINDING, ANY, ANY, ANY, new Row("valid", ART_27, ALLOW, REASON_OK, SHALL, NO_ROUTE));
  }

  private void addRevokedAndSuspended() {
    add(REVOKED, ANY, ANY, ANY, new Row("revoked", ART_26_27_NOTICE, BLOCK, 4, SHALL, CERTIFICATION_BODY));
    add(SUSPENDED, BEFORE_SALE, List.of(UNKNOWN, BEFORE, BEFORE_PROVEN), List.of(CODE_MISMATCH),
        new Row("suspended-code-mismatch-before-sale", "认证认可条例第二十七条；电子商务法第二十九条", BLOCK, 13, SHALL, PLATFORM, 4, 1, 8));
    add(SUSPENDED, ANY, List.of(ON_OR_AFTER), ANY,
        new Row("suspended-made-after", ART_26_27_NOTICE, BLOCK, 3, SHALL, CERTIFICATION_BODY));
    add(SUSPENDED, ANY, ANY, ANY,
        new Row("suspended", "认证认可条例第二十六条；国家认监委2008年第19号公告", REVIEW, 3, SHALL, PLATFORM, 1, 8));
  }

  /** 注销 and 过期 differ in reason, route and basis only. */
  private void addPast(int finding, int reason, int route, String name, String basis, String shipped,
      String otherwise) {
    add(finding, BEFORE_SALE, ANY, ANY, new Row(name + "-before-sale", basis, BLOCK, reason, SHALL, route));
    add(finding, SOLD, List.of(BEFORE_PROVEN), List.of(MATCH),
        new Row(name + "-shipped-before", shipped, ALLOW, reason, MAY, NO_ROUTE));
    add(finding, SOLD, List.of(ON_OR_AFTER), ANY, new Row(name + "-made-after", basis, BLOCK, reason, SHALL, route));
    add(finding, ANY, ANY, ANY, new Row(name, otherwise, REVIEW, reason, MAY, PLATFORM, 1, 2, 4, 5));
  }
}
