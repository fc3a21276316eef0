#include "proto/dead_letter_reasons.h"

#include "absl/strings/str_cat.h"
#include "proto/status_util.h"

namespace zaojing {
namespace {

constexpr std::string_view kReasonPrefix = "DEAD_LETTER_REASON_";

}  // namespace

std::string ReasonName(v1::DeadLetterReason reason) {
  return v1::DeadLetterReason_Name(reason).substr(kReasonPrefix.size());
}

std::optional<v1::DeadLetterReason> ReasonNamed(std::string_view name) {
  v1::DeadLetterReason reason = v1::DEAD_LETTER_REASON_UNSPECIFIED;
  const bool known = v1::DeadLetterReason_Parse(absl::StrCat(ToAbsl(kReasonPrefix), ToAbsl(name)), &reason);
  if (!known || reason == v1::DEAD_LETTER_REASON_UNSPECIFIED) return std::nullopt;
  return reason;
}

}  // namespace zaojing
