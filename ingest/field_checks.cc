#include "ingest/field_checks.h"

#include <algorithm>

#include "proto/byte_words.h"

namespace zaojing {
namespace {

// Place of a reason in the order of the checks.
int RankOf(v1::DeadLetterReason reason) {
  switch (reason) {
    case v1::DEAD_LETTER_REASON_MISSING_FIELD:
      return 0;
    case v1::DEAD_LETTER_REASON_BAD_ENUM:
      return 1;
    case v1::DEAD_LETTER_REASON_BAD_VALUE:
      return 2;
    case v1::DEAD_LETTER_REASON_KEY_MISMATCH:
      return 3;
    default:
      return 4;
  }
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7f || (byte < 0x20 && c != '\t' && c != '\n');
}

}  // namespace

void FieldChecks::Fault(v1::DeadLetterReason reason, std::string_view field, std::string_view rule) {
  const int rank = RankOf(reason);
  if (rank >= rank_) return;
  rank_ = rank;
  reason_ = reason;
  field_ = field;
  rule_ = rule;
}

bool FieldChecks::HasControlCharacter(std::string_view text) {
  // A byte is below 0x20 if subtracting 0x20 borrows into its empty top bit, and is 0x7f if adding 1 fills it. Borrow and
  // carry may raise a false alarm in a neighbour, never hide one; the slow loop decides.
  const auto suspects = [](uint64_t word) {
    return ((word - 0x20 * kEveryByte) | (word + kEveryByte)) & ~word & kTopBits;
  };
  if (!AnyWord(text, suspects)) [[likely]]
    return false;
  return std::any_of(text.begin(), text.end(), IsControl);
}

}  // namespace zaojing
