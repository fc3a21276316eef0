// Goal: a look-up decoded ahead of its turn is the look-up, found once and only for its own record.
#include "processors/screen/lookups_ahead.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/sample_events.h"

namespace zaojing {
namespace {

class LookupsAheadTest : public testing::Test {
 protected:
  // Records of look-ups that differ in their numbers, one offset after the other.
  const Record& Next() {
    v1::Lookup lookup = samples::Lookup();
    const auto offset = static_cast<int64_t>(records_.size());
    lookup.set_certificate_number(std::to_string(2022010907000000 + offset));
    return Put(offset, samples::KeyOf(lookup), lookup.SerializeAsString());
  }
  const Record& Put(int64_t offset, std::string key, std::string value) {
    texts_.push_back(std::make_unique<std::string>(std::move(key)));
    Record record;
    record.offset = offset;
    record.key = *texts_.back();
    texts_.push_back(std::make_unique<std::string>(std::move(value)));
    record.value = *texts_.back();
    records_.push_back(std::make_unique<Record>(record));
    return *records_.back();
  }
  static void ExpectIs(const LookupsAhead::Decoded* decoded, const Record& record) {
    ASSERT_NE(decoded, nullptr) << record.offset;
    v1::Lookup scratch;
    LookupView view;
    ASSERT_FALSE(DecodeView(record, &scratch, &view).has_value());
    EXPECT_EQ(decoded->lookup, view);
    EXPECT_EQ(decoded->number.id, 2022010907000000U + static_cast<uint64_t>(record.offset));
  }

  LookupsAhead ahead_;
  std::vector<std::unique_ptr<Record>> records_;
  std::vector<std::unique_ptr<std::string>> texts_;
};

// Breaks: an entry taken for another record's, lost on the way round, or given twice. Seen with a lane that looks as far
// ahead as it may, several times round.
TEST_F(LookupsAheadTest, EachIsFoundInItsTurnAndOnce) {
  for (size_t i = 0; i < LookupsAhead::kKept; ++i) ahead_.Add(Next());
  for (size_t i = 0; i < 3 * LookupsAhead::kKept; ++i) {
    ExpectIs(ahead_.Take(*records_[i]), *records_[i]);
    EXPECT_EQ(ahead_.Take(*records_[i]), nullptr) << "twice";
    ahead_.Add(Next());
  }
}

// Breaks: one record that cannot be viewed, that nobody looked ahead for or that was passed over, and those after it are
// mistaken for one another. Seen with each of them in between.
TEST_F(LookupsAheadTest, WhatIsNotThereIsDecodedByWhoeverAppliesIt) {
  const Record& first = Next();
  const Record& broken = Put(1, std::string(first.key), "\xff");
  const Record& third = Next();
  const Record& passed = Next();
  const Record& last = Next();
  EXPECT_NE(ahead_.Add(first), nullptr);
  EXPECT_EQ(ahead_.Add(broken), nullptr);
  ahead_.Add(third);
  ahead_.Add(passed);
  ahead_.Add(last);
  ExpectIs(ahead_.Take(first), first);
  EXPECT_EQ(ahead_.Take(broken), nullptr);
  EXPECT_EQ(ahead_.Take(Next()), nullptr) << "nobody looked ahead for it";
  ExpectIs(ahead_.Take(third), third);
  ExpectIs(ahead_.Take(last), last);
  EXPECT_EQ(ahead_.Take(passed), nullptr);
}

// Breaks: bytes of a batch that is gone, with others where they were, read as the look-up of old. Seen by a record at the
// same address.
TEST_F(LookupsAheadTest, AnotherRecordAtTheSameAddressIsAnother) {
  Record record = Next();
  ahead_.Add(record);
  record.offset += 1;
  EXPECT_EQ(ahead_.Take(record), nullptr);
  record.offset -= 1;
  record.partition += 1;
  EXPECT_EQ(ahead_.Take(record), nullptr);
}

}  // namespace
}  // namespace zaojing
