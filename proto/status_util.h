// The two macros Debian's Abseil lacks, and the border between std::string_view and its absl::string_view.
//
// Status codes are used by the reaction they demand, everywhere:
//   kUnavailable         retry the same call until its deadline
//   kAborted             abort the transaction, drop the overlay, rewind, begin again
//   kUnknown             outcome of a commit not known: resolve by a new producer of the same id
//   kFailedPrecondition  fenced or fatal: stop, exit non-zero, the supervisor restarts
//   kInvalidArgument     bad input or configuration: dead-letter, or exit 2
//   kDataLoss            the store or changelog is not what it must be: never serve; rebuild or refuse
//   kNotFound            the thing asked for is not there
#pragma once

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace zaojing {

inline absl::string_view ToAbsl(std::string_view s) { return {s.data(), s.size()}; }
inline std::string_view ToStd(absl::string_view s) { return {s.data(), s.size()}; }

}  // namespace zaojing

#define ZAOJING_CONCAT_INNER(a, b) a##b
#define ZAOJING_CONCAT(a, b) ZAOJING_CONCAT_INNER(a, b)

#define RETURN_IF_ERROR(expression)                                         \
  do {                                                                      \
    if (absl::Status status_ = (expression); !status_.ok()) return status_; \
  } while (false)

#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_IMPL(ZAOJING_CONCAT(status_or_, __LINE__), declaration, expression)
#define ASSIGN_OR_RETURN_IMPL(status_or, declaration, expression) \
  auto status_or = (expression);                                  \
  if (!status_or.ok()) return status_or.status();                 \
  declaration = std::move(*status_or)
