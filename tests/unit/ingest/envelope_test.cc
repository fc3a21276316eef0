// Goal: single fields read out of a record's bytes are the message's, and bytes that end early end the reading.
#include "ingest/envelope.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/sample_events.h"

namespace zaojing {
namespace {

constexpr int kNumber = v1::Lookup::kCertificateNumberFieldNumber;

// Breaks: a scan that steps wrongly over the fields before the one wanted, and so fetches nonsense ahead. Seen on every
// prefix of a look-up: the field is whole once its bytes are there, and never reaches beyond the bytes given.
TEST(Envelope, PeeksAtAStringWithoutReadingBeyondTheBytes) {
  const v1::Lookup lookup = samples::Lookup();
  const std::string bytes = lookup.SerializeAsString();
  EXPECT_EQ(PeekText(bytes, kNumber), lookup.certificate_number());
  EXPECT_EQ(PeekText(bytes, 31), "");
  EXPECT_EQ(PeekReceivedAt(bytes), lookup.received_at());
  const size_t end = bytes.find(lookup.certificate_number()) + lookup.certificate_number().size();
  for (size_t length = 0; length < bytes.size(); ++length) {
    const std::string_view found = PeekText(std::string_view(bytes).substr(0, length), kNumber);
    EXPECT_EQ(found == lookup.certificate_number(), length >= end) << length;
    EXPECT_TRUE(found.empty() || found.data() + found.size() <= bytes.data() + length) << length;
  }
}

}  // namespace
}  // namespace zaojing
