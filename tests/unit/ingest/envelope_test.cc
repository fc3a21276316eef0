// Goal: a single field read out of a record's bytes is the message's, and bytes that end early end the reading.
#include "ingest/envelope.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/sample_events.h"

namespace zaojing {
namespace {

// Breaks: a scan that steps wrongly over the fields before the one wanted, or reads beyond the bytes. Seen on every prefix
// of a look-up.
TEST(Envelope, PeeksAtATimeWithoutReadingBeyondTheBytes) {
  const v1::Lookup lookup = samples::Lookup();
  const std::string bytes = lookup.SerializeAsString();
  EXPECT_EQ(PeekReceivedAt(bytes), lookup.received_at());
  bool told = false;
  for (size_t length = 0; length < bytes.size(); ++length) {
    const int64_t found = PeekReceivedAt(std::string_view(bytes).substr(0, length));
    EXPECT_TRUE(found == (told ? lookup.received_at() : 0) || !told) << length;
    told = told || found != 0;
    EXPECT_EQ(found, told ? lookup.received_at() : 0) << length;
  }
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace zaojing
