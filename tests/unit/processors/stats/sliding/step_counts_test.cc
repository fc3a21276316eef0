#include "processors/stats/sliding/step_counts.h"

#include <gtest/gtest.h>

#include "processors/stats/sliding/ears_stream.h"
#include "proto/limits.h"

namespace zaojing::stats {
namespace {

// A slot taken over by a newer step must be clean, and what is forgotten must not land in it.
TEST(StepCountsTest, ForgetsWhatFallsOut) {
  StepCounts counts(-1, 3);
  ASSERT_TRUE(counts.Add(-2, 5).ok());  // before the first step
  ASSERT_TRUE(counts.Add(-1, 1).ok());
  ASSERT_TRUE(counts.Add(1, 2).ok());
  EXPECT_EQ(counts.oldest(), -1);
  EXPECT_EQ(counts.At(-1), 1);
  EXPECT_EQ(counts.At(0), 0);
  counts.Advance(2);
  EXPECT_EQ(counts.oldest(), 0);
  EXPECT_EQ(counts.At(2), 0);
  ASSERT_TRUE(counts.Add(-1, 7).ok());
  EXPECT_EQ(counts.At(2), 0);
  counts.Advance(1'000'000);
  EXPECT_EQ(counts.At(999'999), 0);
  counts.Advance(5);
  EXPECT_EQ(counts.newest(), 1'000'000);
}

// A retraction of what never was must be refused and change nothing, not even the newest step.
TEST(StepCountsTest, ImpossibleCountsAreRefused) {
  StepCounts counts(0, 3);
  const std::string before = counts.Serialize();
  EXPECT_EQ(counts.Add(0, -1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(counts.Add(9, -1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(counts.Add(0, limits::kSeriesCountMax + 1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(counts.Add(limits::kStepMax + 1, 1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(counts.Serialize(), before);
  EXPECT_TRUE(counts.Add(0, limits::kSeriesCountMax).ok());
}

// Bytes cut short, too long, of another format or with impossible numbers are never served.
TEST(StepCountsTest, BrokenStateIsDataLoss) {
  StepCounts counts(0, 3);
  ASSERT_TRUE(counts.Add(2, 4).ok());
  const std::string good = counts.Serialize();
  ASSERT_TRUE(StepCounts::Parse(good).ok());
  EXPECT_EQ(StepCounts::Parse(good)->Serialize(), good);
  const auto code = [](const std::string& bytes) { return StepCounts::Parse(bytes).status().code(); };
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(code(good.substr(0, size)), absl::StatusCode::kDataLoss) << size;
  }
  EXPECT_EQ(code(good + "x"), absl::StatusCode::kDataLoss);
  for (const size_t byte : {0u, 15u, 23u, 31u, 39u}) {  // format, and the sign of each number
    std::string bad = good;
    bad[byte] = static_cast<char>(bad[byte] ^ 0x80);
    EXPECT_EQ(code(bad), absl::StatusCode::kDataLoss) << byte;
  }
}

// State of a stream with other options must not be taken for its own.
TEST(EarsStreamTest, StateOfOtherOptions) {
  const EarsStreamOptions options{.depth = 2};
  const EarsStream stream = *EarsStream::Create(options, 10);
  EXPECT_TRUE(EarsStream::Parse(options, stream.Serialize()).ok());
  EXPECT_EQ(EarsStream::Parse({.depth = 3}, stream.Serialize()).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(EarsStream::Create({.baseline = 2}, 0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(EarsStream::Create({.min_sigma = -1}, 0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(EarsStream::Create({.alpha = 1}, 0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(stream.Judge(10).has_value());
}

}  // namespace
}  // namespace zaojing::stats
